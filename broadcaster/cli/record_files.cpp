#include "broadcaster/cli/record_files.hpp"

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/alert/references.hpp"
#include "broadcaster/cli/cap_output.hpp"
#include "broadcaster/cli/json_values.hpp"
#include "broadcaster/plan/preview.hpp"

namespace broadcaster::cli {

base::Checked<std::map<std::string, std::string>> record_files(const Context& context,
                                                               const boost::json::object& released, const CapKey& key) {
  auto parsed = plan::parse_plan(text_of(released, "plan"), "plan.json");
  if (!parsed) return std::unexpected(base::Errors{parsed.error()});
  const bool taken_back = is_true(released, "false_alarm") && parsed->false_alarm;
  const auto& plan = taken_back ? *parsed->false_alarm : *parsed;
  std::map<std::string, std::string> out;
  out["plan.txt"] = plan::preview(plan, {.language = context.language(), .width = 100});

  auto alert = plan.alert;
  alert.identifier = text_of(released, "identifier");
  if (const auto sent = base::parse_cap_time(text_of(released, "sent"))) alert.sent = *sent;
  alert.references = alert::parse_references(text_of(released, "references"));
  out["alert.yaml"] = alert::write_alert(alert);

  const auto config = context.config();
  if (!config) {
    context.screen().note({"cli.export_without_cap", {}});
    return out;
  }
  const alert::cap::Stamp stamp{alert.identifier, config->agency.sender, alert.sent.value_or(context.now())};
  const auto document = alert::cap::write_cap(alert::cap::outward(std::move(alert), config->zones, stamp));
  if (!document) {
    context.screen().fail(document.error());
    context.screen().note({"cli.export_without_cap", {}});
    return out;
  }
  auto whole = sealed(*document, key.signing_key, key.certificate);
  if (!whole) return std::unexpected(whole.error());
  out["alert.cap.xml"] = std::move(*whole);
  return out;
}

}  // namespace broadcaster::cli
