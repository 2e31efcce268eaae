// broadcaster fire: one officer sends a prepared alert alone.
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/following.hpp"
#include "broadcaster/cli/moment.hpp"
#include "broadcaster/cli/prepared.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

base::Errors all_of(const std::vector<base::Text>& texts) {
  base::Errors out;
  for (const auto& text : texts) out.push_back({base::ErrorKind::refused, text, {}, {}});
  return out;
}

std::string ids(const plan::Form& form) {
  std::string out;
  for (const auto& zone : form.plan.zones) out += (out.empty() ? "" : ", ") + zone.id.value;
  return out;
}

/// "muara, pasir", or all of them: a word that is typed, never what is left out.
std::vector<alert::ZoneId> zones_in(const plan::Form& form, const std::string& text) {
  std::vector<alert::ZoneId> out;
  if (same_words(text, "all")) {
    for (const auto& zone : form.plan.zones) out.push_back(zone.id);
    return out;
  }
  std::string word;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') {
      word += c;
      continue;
    }
    if (!word.empty()) out.emplace_back(word);
    word.clear();
  }
  return plan::in_order(form, std::move(out));
}

struct Chosen {
  std::vector<alert::ZoneId> zones;
  std::optional<base::WallTime> arrival;
};

base::Result<Chosen> choose(const Context& context, const plan::Form& form, const Fire& options) {
  const Asker asker(context.screen());
  Chosen out;
  auto zones = options.zones;
  if (zones.empty()) {
    auto answer = asker.ask({"cli.ask_fire_zones", {{"zones", ids(form)}}});
    if (!answer) return std::unexpected(answer.error());
    zones = std::move(*answer);
  }
  out.zones = zones_in(form, zones);
  auto arrival = options.arrival;
  if (arrival.empty() && form.arrival) {
    auto answer = asker.ask({"cli.ask_fire_arrival", {}});
    if (!answer) return std::unexpected(answer.error());
    arrival = std::move(*answer);
  }
  if (arrival.empty()) return out;
  out.arrival = read_moment(arrival, context.now(), context.time_zone());
  if (!out.arrival) return base::fail(base::ErrorKind::usage, {"cli.fire_arrival_form", {{"found", arrival}}});
  return out;
}

/// What is about to be sent to whom, in the last moment where nothing has left.
void show(const Context& context, const plan::Plan& plan) {
  if (context.output() == Context::Output::json) return;
  std::string names;
  for (const auto& zone : plan.zones) {
    const auto name = zone.names.find(context.language());
    names += (names.empty() ? "" : ", ") + (name == zone.names.end() ? zone.id.value : name->second);
  }
  context.screen().line({"cli.fire_says", {{"zones", static_cast<std::int64_t>(plan.zones.size())}, {"names", names}}});
  for (const auto& info : plan.alert.infos) context.screen().text("  " + info.headline);
}

}  // namespace

int fire(const Context& context, const Fire& options) {
  const auto& screen = context.screen();
  const auto form = approval::read_form_file(options.form);
  if (!form) return screen.fail(form.error());
  if (const auto allowed = context.allows(form->form.plan.mode, options.form); !allowed)
    return screen.fail(allowed.error());
  const auto today = today_of(context, form->form);
  if (!today) return screen.fail(today.error());
  const auto judgement = approval::judge_form(*form, today->people, today->files, context.now());
  if (!judgement.is_ready()) return screen.fail(all_of(judgement.voids));
  if (const auto rules = rules_are_signed(context, form->form.plan.mode); !rules) return screen.fail(rules.error());
  for (const auto& same : approval::same_logins(form->signatures)) screen.note(approval::text_of(same));
  const auto chosen = choose(context, form->form, options);
  if (!chosen) return screen.fail(chosen.error());
  const plan::Slots slots{
      .at = context.now(), .zones = chosen->zones, .arrival = chosen->arrival, .audiences = form->form.plan.audiences};
  if (const auto refusal = slot_refusal(form->form, slots)) return screen.fail(base::ErrorKind::refused, *refusal);
  const auto key = open_key(screen, options.key);
  if (!key) return screen.fail(key.error());
  const auto role = approval::firing_role(*form, today->people, key->person());
  if (!role) return screen.fail(role.error());
  const auto plan = fill_form(form->form, slots);
  show(context, plan);
  if (const auto confirmed = confirm_release(context, plan, options.confirm); !confirmed)
    return screen.fail(confirmed.error());
  // Signed when all is typed: the life of the alert counts from here.
  auto firing = approval::fire(*key, *role, *form, chosen->zones, chosen->arrival, context.now());
  if (!firing) return screen.fail(firing.error());
  return submit_and_follow(context, form->form.plan.mode,
                           json::object{{"op", "fire"},
                                        {"form", approval::form_file_text(*form)},
                                        {"file", options.form},
                                        {"by", key->person()},
                                        {"firing", approval::to_json(*firing)}},
                           options.no_wait ? Wait::no : Wait::until_settled);
}

}  // namespace broadcaster::cli
