#include "broadcaster/cli/check_alert.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/cli/cap_input.hpp"
#include "broadcaster/cli/planning.hpp"

namespace broadcaster::cli {
namespace cap = alert::cap;
namespace {

/// The plan that the alert would become, only to be looked at: its texts come from the wording, as they would go out.
base::Checked<plan::Plan> planned(const Context& context, const std::string& file) {
  const auto config = context.config();
  if (!config) return std::unexpected(config.error());
  const auto templates = context.templates();
  if (!templates) return std::unexpected(templates.error());
  const auto now = context.now();
  const auto alert = alert::read_alert(file, {.now = now, .zones = &config->zones});
  if (!alert) return std::unexpected(alert.error());
  const auto folder = TemporaryFolder::make();
  if (!folder) return std::unexpected(base::Errors{folder.error()});
  auto out = make_plan_of({.config = *config,
                           .templates = *templates,
                           .alert = *alert,
                           .author = {},
                           .snapshots = folder->path(),
                           .bad_rows = plan::BadRows::skip,
                           .now = now});
  if (!out) return std::unexpected(with_places(std::move(out.error()), file));
  out->plan.alert = cap::outward(std::move(out->plan.alert), config->zones, {"id", config->agency.sender, now});
  return std::move(out->plan);
}

}  // namespace

int check_alert(const Context& context, const std::string& file, const std::string& profile) {
  const auto& screen = context.screen();
  const auto chosen = profile_named(profile);
  if (!chosen) return screen.fail(chosen.error());
  const auto plan = planned(context, file);
  if (!plan) return screen.fail(plan.error());
  const auto findings = *chosen ? cap::profile_findings(**chosen, plan->alert) : std::vector<alert::LintFinding>();
  int wrong = 0;
  switch (context.output()) {
    case Context::Output::json: {
      boost::json::array warnings;
      for (const auto& found : plan->findings) warnings.push_back(boost::json::string(screen.say(found.text)));
      screen.json(boost::json::object{{"file", file},
                                      {"messages", plan->messages.size()},
                                      {"blocked", plan->blocked.size()},
                                      {"findings", std::move(warnings)},
                                      {"profile", findings_as_json(context, findings)}});
      for (const auto& found : findings) wrong += found.severity == alert::LintSeverity::error ? 1 : 0;
      break;
    }
    case Context::Output::text:
      for (const auto& found : plan->findings)
        screen.note({"cli.warning", {{"rule", found.rule}, {"text", screen.say(found.text)}}});
      wrong = show_findings(context, file, findings);
      screen.line({wrong == 0 ? "cli.alert_good" : "cli.alert_bad", {{"file", file}, {"count", std::int64_t{wrong}}}});
      break;
  }
  return wrong == 0 ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
