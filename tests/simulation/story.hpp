// What a seed says will happen: endpoints, alerts, what people do, and the weather. Pure.
//
// After `calm_from` nothing goes wrong any more: whatever is then still open must come to its end. Thread rule: values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/plan/plan.hpp"
#include "tests/simulation/dice.hpp"

namespace broadcaster::simulation {

/// A far side that is gone for a while.
struct Outage {
  plan::EndpointName endpoint;
  Micros from{}, until{};
  enum class Kind {
    refused,       ///< no connection: certainly not sent
    silent,        ///< bytes leave, nothing comes back
    unauthorised,  ///< 401: somebody revoked the token
    busy,          ///< 503 with Retry-After
  } kind = Kind::refused;
};

/// Odds of one request, or of one event.
struct Weather {
  double lost_request = 0;    ///< bytes left, never arrived
  double lost_answer = 0;     ///< accepted, and we never hear of it
  double slow = 0;            ///< the answer takes 5 to 20 s; we wait 10
  double throttled = 0;       ///< 429
  double error_before = 0;    ///< 500, nothing was done
  double error_after = 0;     ///< 500, and it was done
  double half_answer = 0;     ///< it was done; the answer cannot be read
  double crash = 0;           ///< of the process, at an event boundary
  double crash_in_write = 0;  ///< of the process, at a call to the disk a little later
  double power_cut = 0;       ///< of those crashes: unsynced writes are lost or torn
  double full = 0;            ///< the disk, for a while
  double bad_number = 0;      ///< refused by the gateway
  double no_receipt = 0, undelivered = 0, contradicting = 0, early = 0;
  Micros slowest_write{4'000};
  std::vector<Outage> outages;
};

struct Jump {
  Micros at{};
  base::milliseconds by{};
};

/// Somebody moves the folder of lists away, and brings it back.
struct Absence {
  Micros from{}, until{};
};

struct AlertStory {
  Micros at{};
  plan::Plan plan;  ///< its `expires` is set when it is released
  std::string identifier, code, digest;
  std::chrono::seconds life{};
  std::optional<std::size_t> stops;  ///< a follow-up: the alert that it stops
  /// Who lives in which zone, by number: all of its audience.
  std::map<alert::ZoneId, std::vector<std::string>> people;
  std::optional<Micros> halted_at;
  std::map<plan::RouteName, std::int64_t> planned;  ///< deliveries by route
};

struct Story {
  Weather weather;
  Micros calm_from{};
  std::vector<plan::PlannedEndpoint> endpoints;
  std::vector<AlertStory> alerts;  ///< by time
  std::vector<Jump> jumps;
  std::optional<Absence> lists_away;
  /// Nothing goes wrong at all: then an evacuation has a bound to keep.
  bool clear_sky() const { return clear; }
  bool clear = false;
};

/// Audiences that were read into snapshots before: name, digest, recipients by zone and language.
struct Audience {
  std::string name;
  plan::PlannedAudience planned;
  std::map<alert::ZoneId, std::vector<std::string>> people;
};

Story tell(Dice dice, const std::vector<Audience>& audiences);

}  // namespace broadcaster::simulation
