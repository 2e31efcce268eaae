// Which alerts are open and what they rest on, for those who hear that a bulletin has ended.
// Thread rule: the store's thread.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "broadcaster/feeds/resting.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

class AlertSources {
 public:
  /// Orders alone: a false alarm or an all-clear rests on nothing. A plan is read once, however often this is asked;
  /// one that cannot be read is left out. Errors: unavailable.
  base::Result<std::vector<feeds::OpenAlert>> open_alerts(journal::SqliteStore& store, base::WallTime now);

 private:
  std::map<delivery::AlertId, std::optional<feeds::OpenAlert>> known_;  ///< nullopt: no order, or not to be read
};

}  // namespace broadcaster::service
