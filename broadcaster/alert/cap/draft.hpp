// An alert of somebody else as a draft of ours: it says what that bulletin says, in our zones, and waits for people.
//
// A bulletin never ends an alert here (a feed cannot know what was said to the public): what takes back or acknowledges
// is refused, and a person uses `cancel`. Identifier, sender, time and references of the other agency stay behind in
// `source`: they are its, and a release gives ours. Our own alert comes back as it was. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert::cap {

struct DraftContext {
  const Agency& agency;
  const Zones& zones;
  const std::vector<std::string>& hazards;  ///< those that have wording here
  base::WallTime now;
};

struct Draft {
  Alert alert;
  std::vector<base::Text> said;  ///< what was made of it, and what a person must still say
};

/// Errors: refused for Cancel, Ack and Error of another sender.
base::Result<Draft> draft_of(Alert alert, const DraftContext& context);

/// The hazard that its events (as words) or SAME codes name, when it is exactly one that has wording; else empty.
std::string hazard_meant(const Alert& alert, const std::vector<std::string>& hazards);

}  // namespace broadcaster::alert::cap
