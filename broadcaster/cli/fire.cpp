// broadcaster fire: one officer sends a prepared alert alone.
#include <boost/json.hpp>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/form_file.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/fire_choice.hpp"
#include "broadcaster/cli/following.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/cli/prepared.hpp"
#include "broadcaster/cli/watch.hpp"
#include "broadcaster/plan/form_audiences.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

base::Errors all_of(const std::vector<base::Text>& texts) {
  base::Errors out;
  for (const auto& text : texts) out.push_back({base::ErrorKind::refused, text, {}, {}});
  return out;
}

/// The lists as they are in this minute, for the officer to see who gets nothing; the owner counts them once more.
plan::AudiencesNow count(const Context& context, const plan::Form& form, const FireChoice& chosen,
                         const alert::Zones& map) {
  const auto folder = TemporaryFolder::make();
  const auto where = folder ? folder->path() : context.state(form.plan.mode).snapshots();
  return audiences_now(form, chosen.zones, map, context.config_folder() / "audiences", where);
}

/// What is about to be sent to whom, in the last moment where nothing has left.
void show(const Context& context, const plan::Plan& plan, const plan::AudiencesNow& lists) {
  if (context.output() == Context::Output::json) return;
  std::string names;
  for (const auto& zone : plan.zones) {
    const auto name = zone.names.find(context.language());
    names += (names.empty() ? "" : ", ") + (name == zone.names.end() ? zone.id.value : name->second);
  }
  context.screen().line({"cli.fire_says", {{"zones", static_cast<std::int64_t>(plan.zones.size())}, {"names", names}}});
  for (const auto& info : plan.alert.infos) context.screen().text("  " + info.headline);
  if (!plan.zones.empty() && plan.zones.front().onset)
    context.screen().line({"cli.fire_arrives", {{"time", context.local(*plan.zones.front().onset)}}});
  for (const auto& error : lists.unread)
    context.screen().line({"cli.fire_unread",
                           {{"file", error.place ? error.place->file : std::string("audiences")},
                            {"reason", context.screen().say(error.text)}}});
  show_blocked(context, plan);
}

/// Void, or refused by the owner: what the officer can do instead.
const base::Text instead{"cli.fire_instead", {}};

int refuse(const Screen& screen, const base::Errors& why) {
  const auto status = screen.fail(why);
  screen.note(instead);
  return status;
}

}  // namespace

int fire(const Context& context, const Fire& options) {
  const auto& screen = context.screen();
  const auto form = approval::read_form_file(options.form);
  if (!form) return screen.fail(form.error());
  if (const auto allowed = context.allows(form->form.plan.mode, options.form); !allowed)
    return screen.fail(allowed.error());
  const auto today = today_of(context, form->form);
  if (!today) return refuse(screen, today.error());
  const auto judgement = approval::judge_form(*form, today->people, today->files, context.now());
  if (!judgement.is_ready()) return refuse(screen, all_of(judgement.voids));
  if (const auto rules = rules_are_signed(context, form->form.plan.mode); !rules)
    return refuse(screen, {rules.error()});
  for (const auto& same : approval::same_logins(form->signatures)) screen.note(approval::text_of(same));
  const auto chosen = choose_fired(context, form->form, options);
  if (!chosen) return screen.fail(chosen.error());
  const auto lists = count(context, form->form, *chosen, today->zones);
  const plan::Slots slots{
      .at = context.now(), .zones = chosen->zones, .arrival = chosen->arrival, .audiences = lists.audiences};
  if (const auto refusal = slot_refusal(form->form, slots)) return screen.fail(base::ErrorKind::refused, *refusal);
  const auto key = open_key(screen, options.key);
  if (!key) return screen.fail(key.error());
  const auto role = approval::firing_role(*form, today->people, key->person());
  if (!role) return screen.fail(role.error());
  const auto plan = fill_form(form->form, slots);
  show(context, plan, lists);
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
                                        {"again", options.again},
                                        {"firing", approval::to_json(*firing)}},
                           options.no_wait ? Wait::no : Wait::until_settled, instead);
}

}  // namespace broadcaster::cli
