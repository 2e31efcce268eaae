#include "broadcaster/alert/all_clear.hpp"

#include <algorithm>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert {
namespace {

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

bool says_all_clear(const Info& info) {
  return std::ranges::find(info.responses, ResponseType::all_clear) != info.responses.end();
}

}  // namespace

bool is_all_clear(const Alert& alert) {
  return !alert.confirmation.empty() ||
         std::ranges::any_of(alert.zones, [](const ZoneOrder& order) { return order.ending.has_value(); });
}

bool has_waiting_zones(const Alert& alert) {
  return std::ranges::any_of(alert.zones, [](const ZoneOrder& order) { return order.ending == Ending::not_yet; });
}

std::vector<AllClearFault> all_clear_faults(const Alert& alert) {
  std::vector<AllClearFault> out;
  const auto fault = [&](std::string rule, std::string element,
                         std::vector<std::pair<std::string, base::Argument>> of) {
    auto id = "alert.lint_" + rule;
    out.push_back({std::move(rule), std::move(element), {std::move(id), std::move(of)}});
  };
  if (!is_all_clear(alert)) {
    // A Cancel takes back; what it says is prepared with the alert.
    if (alert.type != MessageType::alert && alert.type != MessageType::update) return out;
    for (std::size_t i = 0; i < alert.infos.size(); ++i)
      if (says_all_clear(alert.infos[i]))
        fault("all_clear_unconfirmed", "info[" + std::to_string(i) + "].responseType", {});
    return out;
  }
  if (is_blank(alert.confirmation)) fault("all_clear_confirmation", "confirmation", {});
  if (const auto length = base::graphemes(alert.confirmation); length > longest_confirmation)
    fault("all_clear_confirmation_long", "confirmation",
          {{"found", static_cast<std::int64_t>(length)}, {"most", std::int64_t{longest_confirmation}}});
  if (alert.type != MessageType::update) fault("all_clear_type", "msgType", {{"type", std::string(name(alert.type))}});
  for (std::size_t i = 0; i < alert.zones.size(); ++i)
    if (!alert.zones[i].ending)
      fault("all_clear_zone", "zones[" + std::to_string(i) + "]", {{"zone", alert.zones[i].zone.value}});
  return out;
}

}  // namespace broadcaster::alert
