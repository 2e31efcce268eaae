// What is ours alone, in CAP's own elements: so that other agencies read our zones as areas, and we read our own alert
// back as it was.
//
//   hazard, level, slots, zones   `code` (CAP §3.2.1: "any user-defined flag"): broadcaster:hazard:tsunami,
//                                 broadcaster:level:AWAS, broadcaster:slot:NAME=VALUE, broadcaster:zone:ID or ID=ONSET
//   each zone                     an `area` in every info: its name in the info's language, its polygons and geocodes,
//                                 and the geocode broadcaster:zone=ID, by which it is known again
//
// Thread rule: pure functions.
#pragma once

#include <string>

#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert::cap {

/// What a release gives an alert.
struct Stamp {
  std::string identifier;
  std::string sender;
  base::WallTime sent;
};

/// The alert as others read it; the stamp fills what is still empty. A zone that the map does not know is named, and
/// has no shape.
Alert outward(Alert alert, const Zones& zones, const Stamp& stamp);

/// The other way round, for alerts of our own sender alone: what another agency calls its zones means nothing here, so
/// an alert of anybody else comes back unchanged.
Alert inward(Alert alert, const std::string& own_sender);

}  // namespace broadcaster::alert::cap
