// broadcaster all-clear ID: it is over. Never prepared: who or what confirms it is asked for by name, and for every
// zone whether its people may return or not yet; nothing is answered by an empty line. The references to every revision
// are made here. What comes out is an alert file like any other: a plan of its own, which a quorum signs.
#include "broadcaster/alert/all_clear.hpp"

#include <algorithm>

#include "broadcaster/base/unicode.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/drafting.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/cli/moment.hpp"
#include "broadcaster/plan/plan.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

constexpr auto usual_life = "6h";

struct Before {
  plan::Plan plan;  ///< of the newest revision
  std::string code;
  std::vector<alert::Reference> references;
  std::vector<alert::ZoneId> zones;
};

std::vector<alert::ZoneId> zones_in(const json::object& answer) {
  std::vector<alert::ZoneId> out;
  if (const auto* list = answer.if_contains("zones"); list && list->is_array())
    for (const auto& zone : list->get_array())
      if (zone.is_string()) out.emplace_back(std::string(zone.get_string()));
  return out;
}

base::Checked<Before> to_end(const Context& context, alert::Mode mode, const std::string& alert) {
  auto session = context.session(mode, service::Work::read);
  if (!session) return std::unexpected(session.error());
  const auto answer = session->ask({{"op", "to_end"}, {"alert", alert}});
  if (!answer) return std::unexpected(base::Errors{answer.error()});
  auto plan = plan::parse_plan(text_of(*answer, "plan"), alert);
  if (!plan) return std::unexpected(base::Errors{plan.error()});
  Before out{.plan = std::move(*plan), .code = text_of(*answer, "code"), .references = {}, .zones = zones_in(*answer)};
  for (const auto& one : objects_of(*answer, "references"))
    out.references.push_back({text_of(one, "sender"), text_of(one, "identifier"), text_of(one, "sent")});
  return out;
}

class Questions {
 public:
  Questions(const Context& context, const service::Config& config, const Before& before, base::WallTime now)
      : context_(context), screen_(context.screen()), asker_(screen_), config_(config), before_(before), now_(now) {}

  base::Result<alert::Alert> run(const plan::Templates& templates) {
    alert::Alert out;
    out.status = before_.plan.alert.status;
    out.type = alert::MessageType::update;
    out.sender = config_.agency.sender;
    out.hazard = before_.plan.alert.hazard;
    out.level = before_.plan.alert.level;
    out.note = before_.plan.alert.note;
    out.incidents = before_.plan.alert.incidents;
    out.slots = before_.plan.alert.slots;
    out.references = before_.references;
    auto confirmed = confirmation();
    if (!confirmed) return std::unexpected(confirmed.error());
    out.confirmation = std::move(*confirmed);
    if (auto answered = zones(out); !answered) return std::unexpected(answered.error());
    const auto expires = until();
    if (!expires) return std::unexpected(expires.error());
    infos(templates, *expires, out);
    return out;
  }

 private:
  base::Result<std::string> confirmation() const {
    return asker_.ask<std::string>(
        {"cli.ask_confirmation", {}}, "", [](const std::string& answer) -> base::Result<std::string> {
          if (answer.empty()) return base::fail(base::ErrorKind::bad_input, {"cli.confirmation_empty", {}});
          if (base::graphemes(answer) > alert::longest_confirmation)
            return base::fail(base::ErrorKind::bad_input,
                              {"cli.confirmation_long", {{"most", std::int64_t{alert::longest_confirmation}}}});
          return answer;
        });
  }

  base::Result<void> zones(alert::Alert& out) const {
    const auto may_return = screen_.say({"cli.may_return", {}}), not_yet = screen_.say({"cli.not_yet", {}});
    screen_.line({"cli.answers_offered", {{"may_return", may_return}, {"not_yet", not_yet}}});
    for (const auto& id : before_.zones) {
      const auto* zone = config_.zones.find(id);
      const bool only_hears =
          std::ranges::find(before_.plan.zones, id, &plan::PlannedZone::id) == before_.plan.zones.end();
      auto ending = asker_.ask<alert::Ending>(
          {only_hears ? "cli.ask_ending_hearing" : "cli.ask_ending",
           {{"zone",
             zone ? plan::name_in(zone->names, alert::Language(context_.language()), config_.agency) : id.value},
            {"people", zone ? zone->people : std::int64_t{0}}}},
          "", [&](const std::string& answer) -> base::Result<alert::Ending> {
            if (same_words(answer, may_return) || answer == alert::name(alert::Ending::may_return))
              return alert::Ending::may_return;
            if (same_words(answer, not_yet) || answer == alert::name(alert::Ending::not_yet))
              return alert::Ending::not_yet;
            return base::fail(base::ErrorKind::bad_input,
                              {"cli.no_such_ending", {{"may_return", may_return}, {"not_yet", not_yet}}});
          });
      if (!ending) return std::unexpected(ending.error());
      out.zones.push_back({id, std::nullopt, *ending});
    }
    return {};
  }

  base::Result<base::WallTime> until() const {
    return asker_.ask<base::WallTime>(
        {"cli.ask_all_clear_until", {}}, usual_life, [&](const std::string& answer) -> base::Result<base::WallTime> {
          if (const auto at = read_moment(answer, now_, config_.agency.time_zone)) return *at;
          return base::fail(base::ErrorKind::bad_input, {"cli.wrong_until", {{"found", answer}}});
        });
  }

  /// One a language; the plan splits them by the zones' answers and gives them their words.
  void infos(const plan::Templates& templates, base::WallTime expires, alert::Alert& out) const {
    const bool somebody_returns = std::ranges::any_of(
        out.zones, [](const alert::ZoneOrder& order) { return order.ending == alert::Ending::may_return; });
    const auto& was = before_.plan.alert.infos;
    for (const auto& language : config_.agency.languages) {
      const auto* words = templates.find(out.hazard, language);
      if (!words) continue;
      alert::Info info;
      info.language = language;
      info.categories = {words->category};
      info.responses = {somebody_returns ? alert::ResponseType::all_clear : alert::ResponseType::avoid};
      info.urgency = alert::Urgency::past;
      info.severity = was.empty() ? alert::Severity::unknown : was.front().severity;
      info.certainty = alert::Certainty::observed;
      info.expires = expires;
      info.event = out.hazard;
      for (const auto& one : was)
        if (one.language == language && !one.event.empty()) info.event = one.event;
      out.infos.push_back(std::move(info));
    }
  }

  const Context& context_;
  const Screen& screen_;
  Asker asker_;
  const service::Config& config_;
  const Before& before_;
  base::WallTime now_;
};

}  // namespace

int all_clear(const Context& context, const AllClear& options) {
  const auto& screen = context.screen();
  const auto mode = context.mode();
  if (!mode) return screen.fail(mode.error());
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto templates = context.templates();
  if (!templates) return screen.fail(templates.error());
  const auto before = to_end(context, *mode, options.alert);
  if (!before) return screen.fail(before.error());
  const auto now = std::chrono::floor<std::chrono::seconds>(context.now());
  const auto usual = draft_name(before->plan.alert.hazard + "-all-clear-" + before->code, now);
  const auto wanted = free_name(screen, options.out.empty() ? usual : options.out);
  if (!wanted) return screen.fail(wanted.error());
  screen.line({"cli.all_clear_begins", {{"code", before->code}, {"hazard", before->plan.alert.hazard}}});
  const auto alert = Questions(context, *config, *before, now).run(*templates);
  if (!alert) return screen.fail(alert.error());
  return finish_draft(context, {.config = *config,
                                .templates = *templates,
                                .alert = *alert,
                                .file = *wanted,
                                .key = options.key,
                                .now = now,
                                .no_page = options.no_page});
}

}  // namespace broadcaster::cli
