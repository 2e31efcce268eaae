// broadcaster export: an alert file or a plan as CAP 1.2, signed where a key is given.
//
// What nobody has released must not look as if it held: an Actual or System alert goes out as Draft (CAP §3.2.1: "not
// actionable in its current form"). Exercise and Test stay what they are.
#include <boost/json.hpp>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/cli/cap_input.hpp"
#include "broadcaster/cli/cap_output.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/planning.hpp"

namespace broadcaster::cli {
namespace cap = alert::cap;
namespace {

/// A plan's alert has its texts from the wording; an alert file has what its author wrote.
base::Checked<alert::Alert> alert_in(const std::string& file, const service::Config& config, base::WallTime now) {
  const auto text = base::read_file(file);
  if (!text) return std::unexpected(base::Errors{text.error()});
  if (text->starts_with('{')) {
    auto plan = approval::parse_plan_file(*text, file);
    if (!plan) return std::unexpected(base::Errors{std::move(plan.error())});
    return std::move(plan->plan.alert);
  }
  return alert::parse_alert(*text, file, {.now = now, .zones = &config.zones});
}

/// Never the same for two alerts, nor for one alert at two times.
std::string draft_identifier(const alert::Alert& alert, base::WallTime now) {
  auto stamp = base::format_utc(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  const auto digest = base::sha256(base::canonical_json(alert::to_json(alert)));
  return "draft-" + stamp + "Z-" + base::hex(digest).substr(0, 16);
}

alert::Status unreleased(alert::Status status) {
  switch (status) {
    case alert::Status::actual:
    case alert::Status::system:
    case alert::Status::draft:
      return alert::Status::draft;
    case alert::Status::exercise:
    case alert::Status::test:
      return status;
  }
  return alert::Status::draft;
}

}  // namespace

int export_alert(const Context& context, const Export& options) {
  const auto& screen = context.screen();
  const auto profile = profile_named(options.profile);
  if (!profile) return screen.fail(profile.error());
  const auto config = context.config();
  if (!config) return screen.fail(config.error());
  const auto now = std::chrono::floor<std::chrono::seconds>(context.now());
  auto alert = alert_in(options.file, *config, now);
  if (!alert) return screen.fail(alert.error());
  const auto status = alert->status;
  alert->status = unreleased(status);
  // A plan that was released has a name of its own there; this file is not that alert.
  alert->identifier.clear();
  alert->sent.reset();
  const cap::Stamp stamp{draft_identifier(*alert, now), config->agency.sender, now};
  const auto outward = cap::outward(std::move(*alert), config->zones, stamp);
  const auto document = cap::write_cap(outward);
  if (!document) return screen.fail(with_places(document.error(), options.file));
  const auto whole = sealed(*document, options.signing_key, options.certificate);
  if (!whole) return screen.fail(whole.error());
  const auto findings = *profile ? cap::profile_findings(**profile, outward) : std::vector<alert::LintFinding>();
  if (const auto written = base::write_file(options.out, *whole); !written) return screen.fail(written.error());
  int wrong = 0;
  switch (context.output()) {
    case Context::Output::json:
      screen.json(boost::json::object{{"file", options.out},
                                      {"identifier", outward.identifier},
                                      {"status", alert::name(outward.status)},
                                      {"signed", !options.signing_key.empty()},
                                      {"profile", findings_as_json(context, findings)}});
      for (const auto& found : findings) wrong += found.severity == alert::LintSeverity::error ? 1 : 0;
      break;
    case Context::Output::text:
      if (outward.status != status) screen.note({"cli.export_draft", {{"status", std::string(alert::name(status))}}});
      wrong = show_findings(context, options.file, findings);
      screen.line({options.signing_key.empty() ? "cli.exported_cap" : "cli.exported_signed", {{"file", options.out}}});
      break;
  }
  return wrong == 0 ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
