#include "broadcaster/plan/hearing.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/plan/reach.hpp"

namespace broadcaster::plan {
namespace {

bool hears(const alert::Siren& siren, const alert::ZoneId& zone) {
  return siren.zone == zone || std::ranges::find(siren.heard_in, zone) != siren.heard_in.end();
}

bool contains(const std::vector<std::string>& list, const std::string& one) {
  return std::ranges::find(list, one) != list.end();
}

}  // namespace

std::vector<Heard> in_hearing(const alert::Alert& alert, const std::vector<alert::Siren>& sirens,
                              const std::vector<std::string>& sounding, const alert::Zones& zones) {
  std::vector<Heard> out;
  for (const auto& id : alert::zones_in_hearing(sirens, sounding, zones)) {
    if (std::ranges::find(alert.zones, id, &alert::ZoneOrder::zone) != alert.zones.end()) continue;
    Heard heard{.zone = zones.find(id), .alerted = {}};
    for (const auto& order : alert.zones) {
      const auto* zone = zones.find(order.zone);
      const bool from_there = std::ranges::any_of(sirens, [&](const alert::Siren& siren) {
        return siren.zone == order.zone && contains(sounding, siren.id.value) && hears(siren, id);
      });
      if (zone && from_there) heard.alerted.push_back(zone);
    }
    if (heard.zone && !heard.alerted.empty()) out.push_back(std::move(heard));
  }
  return out;
}

std::vector<AudienceCount> of_zones(const std::vector<AudienceCount>& counts, const std::vector<PlannedZone>& zones) {
  std::vector<AudienceCount> out;
  for (const auto& count : counts)
    if (std::ranges::find(zones, count.zone, &PlannedZone::id) != zones.end()) out.push_back(count);
  return out;
}

std::vector<std::string> commanded_sirens(const Plan& plan) {
  std::set<std::string> out;
  for (const auto& message : plan.messages)
    if (const auto* program = std::get_if<SirenProgram>(&message.body))
      out.insert(program->targets.begin(), program->targets.end());
  return {out.begin(), out.end()};
}

std::vector<std::string> sirens_in_reach(const alert::Alert& alert, const std::vector<alert::Siren>& sirens,
                                         std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits,
                                         const alert::Zones& zones) {
  std::set<std::string> out;
  for (const auto& endpoint : endpoints) {
    const auto* traits_of = find_traits(traits, endpoint.channel);
    if (!traits_of || traits_of->addressing != Addressing::targets || !may_use(endpoint, alert.status)) continue;
    for (const auto* zone : zones_of(endpoint, alert, zones))
      for (const auto& siren : sirens)
        if (siren.zone == zone->id) out.insert(siren.id.value);
  }
  return {out.begin(), out.end()};
}

}  // namespace broadcaster::plan
