// In what order a plan becomes deliveries. Pure: the same plan gives the same units whatever happens in between.
//
// Sirens first (seconds matter), then accounts (few, many readers), then audiences, zone by zone: nearest onset first,
// then most people, then id. An Update goes through each zone three times: who has nothing of any revision yet comes
// first. An all-clear is for all alike. Thread rule: plain values.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/delivery/ids.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::journal {

/// A recipient of a route, before it has a row.
struct Addressee {
  std::string recipient;
  alert::Language language;
  alert::ZoneId zone;
  bool operator==(const Addressee&) const = default;
};

/// What somebody has of the revisions before an Update.
enum class Reached { by_none, perhaps, by_one };

/// What expand() works through with one cursor.
struct Unit {
  delivery::RouteIndex route;
  std::string audience_digest;  ///< an audience's snapshot, of which `zone` is meant; empty: `addressees`
  alert::ZoneId zone;
  std::vector<Addressee> addressees;  ///< sirens or languages, in order
  Reached at_most = Reached::by_one;  ///< of whom more is known has his row in a later unit
};

std::vector<Unit> worklist(const plan::Plan& plan);

/// Whether some endpoint of the route has a message for them; else the approvers signed the gap.
bool has_message(const plan::Plan& plan, const plan::PlannedRoute& route, const alert::Language& language,
                 const alert::ZoneId& zone);

}  // namespace broadcaster::journal
