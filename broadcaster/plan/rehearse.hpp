// Every template, language, endpoint and zone rendered by day, live and as a drill, with and without an arrival, and
// the all-clear with both answers for each zone: what would be blocked at night is found now. Thread rule: pure, but
// for ICU's data.
#pragma once

#include "broadcaster/plan/compose.hpp"

namespace broadcaster::plan {

struct RehearsalInput {
  const alert::Agency& agency;
  const alert::Zones& zones;
  const std::vector<alert::Siren>& sirens;
  std::span<const Endpoint> endpoints;  ///< of both modes
  std::span<const ChannelTraits> traits;
  const Templates& templates;
  base::WallTime now;
  std::span<const alert::Shelter> shelters = {};
};

/// One gap, with the scene in which it shows.
struct Gap {
  std::string hazard;
  alert::Mode mode = alert::Mode::drill;
  Speech speech = Speech::order;
  Blocked blocked;
};

struct Warned {
  std::string hazard;
  Finding finding;
  bool operator==(const Warned&) const = default;
};

/// What one endpoint would say of one hazard, orders and false alarms together.
struct Rehearsed {
  std::string hazard;
  alert::Mode mode = alert::Mode::drill;
  EndpointName endpoint;
  std::int64_t messages = 0;  ///< rendered and good
  std::int64_t blocked = 0;
  Length longest;  ///< of those messages; empty when there is none
};

struct Rehearsal {
  std::int64_t messages = 0;         ///< rendered and good
  std::vector<Rehearsed> endpoints;  ///< in the order of hazards, live first
  std::vector<Gap> gaps;
  std::vector<Warned> warnings;  ///< each once a hazard
  base::Errors refused;          ///< a scene for which no plan could be made at all
};

/// An invented alert of this hazard for all zones that it can reach, with one recipient a zone and language; and how it
/// ends. Any thread, and several at once.
Rehearsal rehearse(const RehearsalInput& input, const std::string& hazard);
/// Of every hazard, in their order.
Rehearsal rehearse(const RehearsalInput& input);
/// Puts what was found of one more hazard behind the others.
void append(Rehearsal& all, Rehearsal one);

}  // namespace broadcaster::plan
