#include "broadcaster/plan/estimate.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

const PlannedEndpoint* endpoint_of(const Plan& plan, const EndpointName& name) {
  const auto found = std::ranges::find(plan.endpoints, name, &PlannedEndpoint::name);
  return found == plan.endpoints.end() ? nullptr : &*found;
}

std::chrono::seconds time_for(std::int64_t segments, int rate) {
  return std::chrono::seconds((segments + rate - 1) / rate);
}

/// Zones by onset, those without one last; else as the alert names them.
std::vector<const PlannedZone*> in_order(const Plan& plan) {
  std::vector<const PlannedZone*> zones;
  for (const auto& zone : plan.zones) zones.push_back(&zone);
  // Pointers into one list: where onsets are equal, their order is the list's.
  std::ranges::sort(
      zones, {}, [](const PlannedZone* zone) { return std::pair(zone->onset.value_or(base::WallTime::max()), zone); });
  return zones;
}

ZoneEstimate zone_estimate(const Plan& plan, const PlannedEndpoint& endpoint, const PlannedAudience& audience,
                           const PlannedZone& zone, RouteEstimate& route) {
  ZoneEstimate out{.zone = zone.id, .until_onset = {}};
  const auto before = route.segments;
  for (const auto& count : audience.counts) {
    const auto* message = count.zone == zone.id ? find_message(plan, endpoint.name, count.language, zone.id) : nullptr;
    if (!message) continue;
    out.recipients += count.recipients;
    route.segments += count.recipients * message->length.segments;
  }
  route.recipients += out.recipients;
  if (zone.onset) out.until_onset = std::chrono::duration_cast<std::chrono::seconds>(*zone.onset - plan.made_at);
  if (route.rate_per_second == 0) return out;
  out.last = time_for(route.segments, route.rate_per_second);
  if (!out.until_onset || out.recipients == 0) return out;
  const auto in_time = std::max<std::int64_t>(0, out.until_onset->count()) * route.rate_per_second;
  const auto late_segments = std::clamp<std::int64_t>(route.segments - in_time, 0, route.segments - before);
  out.late = late_segments * out.recipients / std::max<std::int64_t>(1, route.segments - before);
  return out;
}

}  // namespace

std::vector<RouteEstimate> estimate(const Plan& plan) {
  std::vector<RouteEstimate> out;
  for (const auto& planned : plan.routes) {
    const auto* first = planned.endpoints.empty() ? nullptr : endpoint_of(plan, planned.endpoints.front());
    if (!first || first->audience.empty()) continue;
    const auto audience = std::ranges::find(plan.audiences, first->audience, &PlannedAudience::name);
    if (audience == plan.audiences.end()) continue;
    RouteEstimate route{.route = planned.name, .zones = {}};
    for (const auto& name : planned.endpoints)
      if (const auto* endpoint = endpoint_of(plan, name)) route.rate_per_second += endpoint->rate_per_second;
    for (const auto* zone : in_order(plan)) route.zones.push_back(zone_estimate(plan, *first, *audience, *zone, route));
    if (route.rate_per_second > 0) route.last = time_for(route.segments, route.rate_per_second);
    out.push_back(std::move(route));
  }
  return out;
}

}  // namespace broadcaster::plan
