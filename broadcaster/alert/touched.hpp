// Which of our zones an area of CAP means: by its shapes, or by its geocodes where it has no shape.
//
// CAP §3.2.4: polygons and circles say it exactly, a geocode names some region that holds it; so a shape goes before a
// geocode, and a county's code beside a narrow polygon does not widen it. An area with neither touches nothing: none
// never means everybody. Thread rule: pure functions.
#pragma once

#include <vector>

#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert {

enum class Touch { geocode, shape };

struct TouchedZone {
  ZoneId zone;
  Touch how = Touch::geocode;
  bool operator==(const TouchedZone&) const = default;
};

/// In the order of the map.
std::vector<TouchedZone> zones_touched(const std::vector<Area>& areas, const Zones& zones);

/// Whether every corner of the zone lies in one of the shapes; otherwise people of the zone may stand outside them.
bool covers(const std::vector<Area>& areas, const Zone& zone);

/// The zones in which a point lies.
std::vector<ZoneId> zones_at(const Point& point, const Zones& zones);

/// What the infos of an alert draw, each place once (the languages of an alert repeat it).
std::vector<Area> drawn_areas(const Alert& alert);

}  // namespace broadcaster::alert
