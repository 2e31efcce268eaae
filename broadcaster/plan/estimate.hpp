// How long a plan takes to tell everybody, against the hazard's arrival in each zone: for people to judge, never a
// reason to refuse. Zones are told in the order of their onset. Thread rule: pure.
#pragma once

#include <optional>
#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

struct ZoneEstimate {
  alert::ZoneId zone;
  std::int64_t recipients = 0;
  std::chrono::seconds last{0};                     ///< from release to this zone's last recipient
  std::optional<std::chrono::seconds> until_onset;  ///< from when the plan was made
  std::int64_t late = 0;                            ///< recipients whose turn comes after the onset
};

struct RouteEstimate {
  RouteName route;
  std::int64_t recipients = 0;
  std::int64_t segments = 0;
  int rate_per_second = 0;  ///< of all its endpoints; 0: no contracted rate, so nothing can be said
  std::chrono::seconds last{0};
  std::vector<ZoneEstimate> zones;
};

/// One for each route with an audience.
std::vector<RouteEstimate> estimate(const Plan& plan);

}  // namespace broadcaster::plan
