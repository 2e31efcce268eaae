// Zones: the named areas an agency alerts, from config/zones.geojson.
//
// A FeatureCollection (RFC 7946; positions are longitude, latitude there). Each Feature's properties:
//   id, names {lang: text}, short_names {lang: text}, people, time_zone (IANA), geocodes {system: value}, floor_percent
//   (sirens that must sound), neighbours [id], hazards [hazard]  (zones a hazard can reach), map_date (YYYY-MM-DD), and
//   optionally languages [lang]: what people there read. A text in a language for which a zone has no name says its
//   name in the agency’s default language, else any (plan/values.hpp); digits are 0 to 9 in every language.
// Thread rule: plain values, immutable after reading.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert {

struct Zone {
  ZoneId id;
  std::map<std::string, std::string> names;        ///< by language
  std::map<std::string, std::string> short_names;  ///< by language; what an SMS says
  std::int64_t people = 0;
  std::string time_zone;
  std::vector<NamedValue> geocodes;
  int floor_percent = 75;
  std::vector<ZoneId> neighbours;
  std::vector<std::string> hazards;
  std::vector<Language> languages;  ///< read there; a plan that says nothing in one of them is told so
  std::string map_date;
  std::vector<Polygon> polygons;
};

class Zones {
 public:
  Zones() = default;
  explicit Zones(std::vector<Zone> zones) : zones_(std::move(zones)) {}
  const Zone* find(const ZoneId& id) const;
  const std::vector<Zone>& all() const { return zones_; }

 private:
  std::vector<Zone> zones_;
};

/// Errors carry the file and, for a value, its path in the JSON ("features[3].properties.people").
base::Checked<Zones> read_zones(const std::filesystem::path& path);
base::Checked<Zones> parse_zones(const std::string& text, const std::string& file);

/// What to say about a zone that is not there, with the id that was probably meant.
base::Text unknown_zone(const ZoneId& id, const Zones& zones);

}  // namespace broadcaster::alert
