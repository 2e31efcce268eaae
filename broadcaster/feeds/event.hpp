// Several bulletins, one event: which belong together, and what they say as one alert. Thread rule: pure functions.
#pragma once

#include <chrono>
#include <vector>

#include "broadcaster/feeds/known.hpp"

namespace broadcaster::feeds {

/// Whether `source` tells of the event of `matter`: an incident that both name, or one hazard, a zone of both, and no
/// more than `within` between two of their times. An unknown hazard is like no other, and a source that is over tells
/// of no event any more.
bool same_event(const Matter& matter, const Source& source, std::chrono::seconds within);

/// The alert of all sources in force, of all where none is: the words of the most severe (of equals the first), the
/// zones of all, and every one by name. What a centre has taken back speaks for nobody beside one that stands.
alert::Alert merged(const std::vector<Source>& sources);

/// A bulletin that speaks of danger now.
struct BulletinInForce {
  std::string matter;  ///< id of the draft or question that it became
  std::string feed;
  bool operator==(const BulletinInForce&) const = default;
};
/// Bulletins in force that touch one of the zones: what a draft rests on, not expired, and not called over by its
/// centre, also where a person has dismissed the draft. One that names none of our zones (it means us by a region) is
/// taken to touch them all. While there is one, "no danger" takes more than one person's word (R38).
std::vector<BulletinInForce> in_force(const Known& known, const std::vector<alert::ZoneId>& zones, base::WallTime now);

/// Zones that `before` names and `after` does not.
std::vector<alert::ZoneId> zones_dropped(const alert::Alert& before, const alert::Alert& after);

}  // namespace broadcaster::feeds
