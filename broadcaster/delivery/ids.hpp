// Numbers that name rows of the journal. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <string>

#include "broadcaster/base/strong.hpp"

namespace broadcaster::delivery {

using AlertId = base::Strong<struct AlertIdTag, std::int64_t>;
using DeliveryId = base::Strong<struct DeliveryIdTag, std::int64_t>;

/// Index into Plan::routes.
using RouteIndex = base::Strong<struct RouteIndexTag, int>;

/// The n-th try of one delivery, from 1.
struct AttemptId {
  DeliveryId delivery;
  int number = 0;
  auto operator<=>(const AttemptId&) const = default;
};

}  // namespace broadcaster::delivery
