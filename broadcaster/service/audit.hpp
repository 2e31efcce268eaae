// Does what is going on add up? Every few seconds, of every open alert: as many deliveries as were planned, none that
// waits while nothing moves, a journal that answers, a loop that is on time.
//
// It looks only; whoever reads its findings decides. It never trusts the engine: its numbers are the journal's
// counters, the plan's own, and now and then a count of the rows. Thread rule: pure; one thread an object.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "broadcaster/journal/expected.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/service/lapse.hpp"

namespace broadcaster::service {

/// One alert as the journal has it.
struct AuditedAlert {
  delivery::AlertId id;
  InForce in_force;
  base::WallTime released_at;
  std::map<delivery::RouteIndex, std::string> routes;  ///< names, for people
  std::map<delivery::RouteIndex, journal::ExpectedRows> expected;
  journal::Pulse pulse;
};

/// What one look found.
struct AuditReading {
  std::vector<AuditedAlert> alerts;
  std::optional<std::uint64_t> free_bytes;  ///< on the state folder's disk; nullopt: cannot be asked
  std::optional<base::Text> no_ballast;     ///< why there is none (journal/ballast.hpp); nullopt: it stands
};

struct AuditLimits {
  /// An open delivery that was due this long ago, on a route where nothing has moved since, is a finding.
  std::chrono::seconds waiting{120};
  std::uint64_t free_bytes = 0;  ///< less than this is a finding
};

/// A finding that is there for as long as it comes back. `key` names it: "planned/TP12/sms".
struct AuditFinding {
  std::string key;
  base::Text text;
  bool operator==(const AuditFinding&) const = default;
};

/// Counters of one route against what the plan makes of it. nullopt: they agree. An alert that is still being expanded,
/// or was stopped before that ended, has at most as many.
std::optional<AuditFinding> planned_finding(const AuditedAlert& alert, delivery::RouteIndex route);

/// A count of the rows of one route. The total must be that of the counters; the states too, where nothing moved while
/// it was counted.
struct RouteCount {
  journal::StateCounts before, after;  ///< counters, when it began and when it ended
  journal::StateCounts rows;
};
std::optional<AuditFinding> count_finding(const AuditedAlert& alert, delivery::RouteIndex route,
                                          const RouteCount& count);

class Audit {
 public:
  explicit Audit(AuditLimits limits) : limits_(limits) {}

  /// Findings of this look, in the order of alerts and routes. Remembers when each route last moved.
  std::vector<AuditFinding> judge(const AuditReading& reading, base::Now now);

  /// How long the delivery that waits longest has been due; nullopt: none waits.
  static std::optional<base::milliseconds> oldest_waiting(const AuditReading& reading, base::WallTime now);

 private:
  struct Seen {
    journal::StateCounts counts;
    base::MonoTime since;
  };
  AuditLimits limits_;
  std::map<std::pair<delivery::AlertId, delivery::RouteIndex>, Seen> seen_;
};

}  // namespace broadcaster::service
