#include "broadcaster/drill/overlay_duty.hpp"

#include <fmt/format.h>

namespace broadcaster::drill {
namespace {

std::string gateway_for_pages(const service::Config& config) {
  for (const auto& endpoint : config.endpoints)
    if (endpoint.channel == "sms" && endpoint.mode == alert::Mode::drill) return endpoint.name.value;
  return {};
}

}  // namespace

base::Result<DutyFiles> make_duty(const service::Config& config, const ScriptedAlone& alone) {
  const auto gateway = gateway_for_pages(config);
  if (!config.policy.break_glass || gateway.empty())
    return base::fail(base::ErrorKind::bad_input, {"drill.no_break_glass", {}});
  DutyFiles out;
  std::string people;
  for (const auto& person : config.people.persons) {
    out.numbers.push_back(fmt::format("+9996009{:04}", out.numbers.size() + 1));
    people += fmt::format("  - {{person: {}, wake: [{{way: sms, to: \"{}\"}}]}}\n", person.id, out.numbers.back());
  }
  out.duty =
      fmt::format("shifts: [{{order: [{}]}}]\npeople:\n{}ways: [{{name: sms, kind: sms, mode: drill, endpoint: {}}}]\n",
                  alone.by, people, gateway);
  out.policy = fmt::format("rules: []\nbreak_glass: {{after: {}s, zones: {}}}\n", alone.after.count(),
                           config.policy.break_glass->zones);
  return out;
}

}  // namespace broadcaster::drill
