// Which recipients a plan will need: make_plan.hpp.
#include <algorithm>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/plan/make_plan.hpp"
#include "broadcaster/plan/reach.hpp"

namespace broadcaster::plan {

std::vector<std::pair<std::string, SnapshotRequest>> snapshots_needed(const SnapshotsInput& input) {
  const auto& alert = input.alert;
  std::vector<Heard> heard;
  if (!alert::is_all_clear(alert))
    heard = in_hearing(alert, input.sirens,
                       sirens_in_reach(alert, input.sirens, input.endpoints, input.traits, input.zones), input.zones);
  std::vector<std::pair<std::string, SnapshotRequest>> out;
  for (const auto& endpoint : input.endpoints) {
    const auto known = std::ranges::find(out, endpoint.audience, [](const auto& entry) { return entry.first; });
    if (endpoint.audience.empty() || known != out.end() || !may_use(endpoint, alert.status)) continue;
    SnapshotRequest request{.file = input.audiences / (endpoint.audience + ".csv"),
                            .folder = input.snapshots,
                            .languages = languages_of(endpoint, input.agency, input.templates, alert.hazard),
                            .zones = {},
                            .map = &input.zones,
                            .bad_rows = input.bad_rows,
                            .count = input.count};
    // Without words for this hazard the plan will be refused or the message blocked; nobody is lost from the counts.
    if (request.languages.empty()) request.languages = input.agency.languages;
    for (const auto* zone : zones_of(endpoint, alert, input.zones)) request.zones.push_back(zone->id);
    for (const auto& one : heard)
      if (serves(endpoint, one.zone->id)) request.in_hearing.push_back(one.zone->id);
    out.emplace_back(endpoint.audience, std::move(request));
  }
  return out;
}

}  // namespace broadcaster::plan
