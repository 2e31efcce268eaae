// How many deliveries a plan makes, by its own numbers: what the counters are held against.
//
// Thread rule: pure.
#pragma once

#include <cstdint>
#include <map>

#include "broadcaster/delivery/ids.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::journal {

struct ExpectedRows {
  std::int64_t rows = 0;
  /// at_most: the route serves several audiences, and somebody may stand in more than one of them.
  enum class How { exactly, at_most } how = How::exactly;
  bool operator==(const ExpectedRows&) const = default;
};

/// Of every route that gets any. Recipients by the signed counts of their audiences, without those whose message is
/// blocked at every endpoint of the route (as SqliteStore::expand).
std::map<delivery::RouteIndex, ExpectedRows> expected_rows(const plan::Plan& plan);

}  // namespace broadcaster::journal
