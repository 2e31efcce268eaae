// Who hears a siren and was not alerted (R44): they may have run, so the false alarm speaks to them, too. Thread rule:
// pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broadcaster/alert/sirens.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/plan.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

/// A zone that the alert does not name.
struct Heard {
  const alert::Zone* zone = nullptr;
  /// Whose sirens it hears, in the alert's order: of these the message was that is taken back.
  std::vector<const alert::Zone*> alerted;
};

/// Zones beside the alert's that hear one of these sirens, in the map's order.
std::vector<Heard> in_hearing(const alert::Alert& alert, const std::vector<alert::Siren>& sirens,
                              const std::vector<std::string>& sounding, const alert::Zones& zones);

/// Recipients of these zones alone: a snapshot holds also whom only its false alarm speaks to.
std::vector<AudienceCount> of_zones(const std::vector<AudienceCount>& counts, const std::vector<PlannedZone>& zones);

/// Sirens that the plan commands, each once.
std::vector<std::string> commanded_sirens(const Plan& plan);
/// Sirens that a plan of this alert may command, before there is one: at least those that it will.
std::vector<std::string> sirens_in_reach(const alert::Alert& alert, const std::vector<alert::Siren>& sirens,
                                         std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits,
                                         const alert::Zones& zones);

}  // namespace broadcaster::plan
