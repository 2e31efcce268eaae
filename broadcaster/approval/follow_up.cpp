#include "broadcaster/approval/follow_up.hpp"

#include <algorithm>

namespace broadcaster::approval {

alert::Reference reference_to(const Replaced& original) {
  return {original.plan.alert.sender, original.filling.identifier,
          base::format_cap_time(original.filling.time_of_issue)};
}

std::optional<base::Text> update_refusal(const plan::Plan& update, const Replaced& original) {
  const auto& references = update.alert.references;
  if (references.size() != 1 || references.front() != reference_to(original))
    return base::Text{"approval.update_refers", {{"identifier", original.filling.identifier}}};
  if (update.alert.status != original.plan.alert.status || update.alert.hazard != original.plan.alert.hazard)
    return base::Text{
        "approval.update_of_another",
        {{"hazard", original.plan.alert.hazard}, {"status", std::string(alert::name(original.plan.alert.status))}}};
  for (const auto& zone : original.plan.zones)
    if (std::ranges::find(update.zones, zone.id, &plan::PlannedZone::id) == update.zones.end())
      return base::Text{"approval.update_drops_zone", {{"zone", zone.id.value}}};
  return std::nullopt;
}

}  // namespace broadcaster::approval
