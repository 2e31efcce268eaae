#include "broadcaster/approval/follow_up.hpp"

#include <algorithm>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/alert/references.hpp"

namespace broadcaster::approval {

alert::Reference reference_to(const Replaced& original) {
  return {original.plan.alert.sender, original.filling.identifier,
          base::format_cap_time(original.filling.time_of_issue)};
}

std::vector<alert::Reference> references_after(const Replaced& original) {
  auto out = alert::parse_references(original.filling.references);
  out.push_back(reference_to(original));
  return out;
}

namespace {

bool names_zone(const plan::Plan& plan, const alert::ZoneId& zone) {
  return std::ranges::find(plan.zones, zone, &plan::PlannedZone::id) != plan.zones.end();
}

/// Something for these readers: a message, or a gap that its approvers have signed.
template <class Said>
bool says(const std::vector<Said>& said, const plan::EndpointName& endpoint, const alert::ZoneId& zone) {
  return std::ranges::any_of(said, [&](const Said& one) { return one.endpoint == endpoint && one.zone == zone; });
}

std::optional<base::Text> reach_refusal(const plan::Plan& all_clear, const plan::Plan& revision) {
  for (const auto& zone : revision.zones)
    if (!names_zone(all_clear, zone.id)) return base::Text{"approval.all_clear_drops_zone", {{"zone", zone.id.value}}};
  for (const auto& message : revision.messages) {
    if (says(all_clear.messages, message.endpoint, message.zone) ||
        says(all_clear.blocked, message.endpoint, message.zone))
      continue;
    return base::Text{
        "approval.all_clear_drops_endpoint",
        {{"endpoint", message.endpoint.value}, {"zone", message.zone.value.empty() ? "–" : message.zone.value}}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<base::Text> all_clear_refusal(const plan::Plan& all_clear, const WhatEnds& of) {
  if (of.revisions.empty()) return base::Text{"approval.all_clear_refers", {{"identifier", "–"}}};
  const auto& newest = of.revisions.back();
  std::vector<alert::Reference> references;
  for (const auto& revision : of.revisions) references.push_back(reference_to(revision));
  for (const auto& reference : references)
    if (std::ranges::find(all_clear.alert.references, reference) == all_clear.alert.references.end())
      return base::Text{"approval.all_clear_refers", {{"identifier", reference.identifier}}};
  if (all_clear.alert.references != references)
    return base::Text{"approval.all_clear_refers", {{"identifier", newest.filling.identifier}}};
  if (all_clear.alert.status != newest.plan.alert.status || all_clear.alert.hazard != newest.plan.alert.hazard)
    return base::Text{
        "approval.all_clear_of_another",
        {{"hazard", newest.plan.alert.hazard}, {"status", std::string(alert::name(newest.plan.alert.status))}}};
  for (const auto& revision : of.revisions)
    if (auto refusal = reach_refusal(all_clear, revision.plan)) return refusal;
  for (const auto& zone : of.in_hearing)
    if (!names_zone(all_clear, zone)) return base::Text{"approval.all_clear_drops_hearing", {{"zone", zone.value}}};
  return std::nullopt;
}

std::optional<base::Text> update_refusal(const plan::Plan& update, const Replaced& original) {
  // Whoever may return has been told so: a danger that comes back is a new alert.
  if (alert::is_all_clear(original.plan.alert)) return base::Text{"approval.update_of_all_clear", {}};
  if (update.alert.references != references_after(original))
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
