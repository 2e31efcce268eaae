// What the auditor looks at, read from the journal: the open alerts, those in force, and those that have just lapsed.
//
// Thread rule: the store's thread.
#pragma once

#include "broadcaster/service/audit.hpp"

namespace broadcaster::service {

class AuditReader {
 public:
  /// Errors: unavailable. An alert whose plan cannot be read is left out: it is alarmed where it is resumed.
  base::Result<AuditReading> read(journal::SqliteStore& store, base::WallTime now);

 private:
  /// What never changes of an alert: reading its plan takes longer than all the rest.
  struct Fixed {
    InForce in_force;
    base::WallTime released_at;
    std::map<delivery::RouteIndex, std::string> routes;
    std::map<delivery::RouteIndex, journal::ExpectedRows> expected;
  };
  static base::Result<Fixed> look_up(journal::SqliteStore& store, delivery::AlertId id);
  std::map<delivery::AlertId, std::optional<Fixed>> known_;  ///< nullopt: cannot be read
};

}  // namespace broadcaster::service
