#include "broadcaster/alert/touched.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "broadcaster/alert/geometry.hpp"

namespace broadcaster::alert {
namespace {

bool has_shape(const Area& area) { return !area.polygons.empty() || !area.circles.empty(); }

void add(std::string& out, double value) { out.append(reinterpret_cast<const char*>(&value), sizeof value); }
void add(std::string& out, const Point& point) {
  add(out, point.latitude);
  add(out, point.longitude);
}

/// All that is drawn, as octets: the same for the same place.
std::string drawn(const Area& area) {
  std::string out;
  for (const auto& polygon : area.polygons) {
    add(out, static_cast<double>(polygon.size()));
    for (const auto& point : polygon) add(out, point);
  }
  out += '|';
  for (const auto& circle : area.circles) {
    add(out, circle.centre);
    add(out, circle.radius_km);
  }
  for (const auto& code : area.geocodes) out += '|' + code.name + '=' + code.value;
  return out;
}

bool shapes_touch(const Area& area, const Polygon& polygon) {
  return std::ranges::any_of(area.polygons, [&](const Polygon& p) { return touch(p, polygon); }) ||
         std::ranges::any_of(area.circles, [&](const Circle& c) { return touch(c, polygon); });
}

bool shapes_contain(const Area& area, const Point& point) {
  return std::ranges::any_of(area.polygons, [&](const Polygon& p) { return contains(p, point); }) ||
         std::ranges::any_of(area.circles, [&](const Circle& c) { return contains(c, point); });
}

bool geocode_meant(const Area& area, const Zone& zone) {
  return std::ranges::any_of(area.geocodes, [&](const NamedValue& code) {
    return std::ranges::find(zone.geocodes, code) != zone.geocodes.end();
  });
}

}  // namespace

std::vector<TouchedZone> zones_touched(const std::vector<Area>& areas, const Zones& zones) {
  std::vector<TouchedZone> out;
  for (const auto& zone : zones.all()) {
    const bool by_shape = std::ranges::any_of(areas, [&](const Area& area) {
      return std::ranges::any_of(zone.polygons, [&](const Polygon& p) { return shapes_touch(area, p); });
    });
    const bool by_code =
        std::ranges::any_of(areas, [&](const Area& area) { return !has_shape(area) && geocode_meant(area, zone); });
    if (by_code)
      out.push_back({zone.id, Touch::geocode});
    else if (by_shape)
      out.push_back({zone.id, Touch::shape});
  }
  return out;
}

bool covers(const std::vector<Area>& areas, const Zone& zone) {
  return std::ranges::all_of(zone.polygons, [&](const Polygon& polygon) {
    return std::ranges::all_of(polygon, [&](const Point& corner) {
      return std::ranges::any_of(areas, [&](const Area& area) { return shapes_contain(area, corner); });
    });
  });
}

std::vector<ZoneId> zones_at(const Point& point, const Zones& zones) {
  std::vector<ZoneId> out;
  for (const auto& zone : zones.all())
    if (std::ranges::any_of(zone.polygons, [&](const Polygon& p) { return contains(p, point); }))
      out.push_back(zone.id);
  return out;
}

std::vector<Area> drawn_areas(const Alert& alert) {
  std::vector<Area> out;
  std::set<std::string> known;
  for (const auto& info : alert.infos)
    for (const auto& area : info.areas)
      if (known.insert(drawn(area)).second) out.push_back(area);
  return out;
}

}  // namespace broadcaster::alert
