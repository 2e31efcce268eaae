#include "broadcaster/alert/zones.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "broadcaster/alert/geojson.hpp"
#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/time_zone.hpp"

namespace broadcaster::alert {
namespace {

namespace json = boost::json;
using base::Errors;

constexpr std::int64_t most_people = 1'000'000'000;

/// One file being read.
struct Reader {
  const std::string& file;
  Errors errors;
  std::vector<Zone> zones;
  std::vector<std::string> paths;  ///< of each zone's properties
};

/// RFC 7946 §3.1.6. A hole would widen the area if it were ignored, so it is refused.
void read_polygon(Reader& r, const json::value& value, const std::string& path, Zone& zone) {
  const auto* rings = value.if_array();
  if (!rings || rings->empty()) return expected_found(r.errors, r.file, path, "alert.expected_rings", value);
  if (rings->size() > 1) return wrong_at(r.errors, r.file, path + "[1]", {"alert.zone_hole", {}});
  const auto ring_path = path + "[0]";
  const auto* ring = (*rings)[0].if_array();
  if (!ring) return expected_found(r.errors, r.file, ring_path, "alert.expected_ring", (*rings)[0]);
  Polygon polygon;
  for (std::size_t i = 0; i < ring->size(); ++i)
    if (const auto point = read_position((*ring)[i], ring_path + "[" + std::to_string(i) + "]", r.file, r.errors))
      polygon.push_back(*point);
  if (polygon.size() != ring->size()) return;  // reported
  if (polygon.size() < 4)
    return wrong_at(r.errors, r.file, ring_path,
                    {"alert.polygon_short", {{"found", static_cast<std::int64_t>(polygon.size())}}});
  if (polygon.front() != polygon.back()) return wrong_at(r.errors, r.file, ring_path, {"alert.polygon_open", {}});
  zone.polygons.push_back(std::move(polygon));
}

void read_geometry(Reader& r, const json::value& value, const std::string& path, Zone& zone) {
  enum class Kind { polygon, multi };
  static constexpr std::pair<std::string_view, Kind> kinds[] = {{"Polygon", Kind::polygon},
                                                                {"MultiPolygon", Kind::multi}};
  const auto before = r.errors.size();
  JsonFields fields(value, path, r.file, r.errors);
  fields.allow_others();
  const auto kind = fields.choice<Kind>("type", kinds);
  const auto* coordinates = fields.child("coordinates");
  if (r.errors.size() != before) return;
  switch (kind) {
    case Kind::polygon:
      read_polygon(r, *coordinates, fields.path_of("coordinates"), zone);
      break;
    case Kind::multi:
      fields.each("coordinates",
                  [&](const json::value& item, const std::string& at) { read_polygon(r, item, at, zone); });
      if (coordinates->is_array() && coordinates->as_array().empty())
        expected_found(r.errors, r.file, fields.path_of("coordinates"), "alert.expected_rings", *coordinates);
      break;
  }
}

std::map<std::string, std::string> read_names(Reader& r, JsonFields& fields, std::string_view key) {
  std::map<std::string, std::string> out;
  if (!fields.child(key)) return out;
  fields.each_text(key, [&](const std::string& language, const std::string& text) {
    if (text.empty()) wrong_at(r.errors, r.file, fields.path_of(key) + "." + language, {"alert.empty_text", {}});
    out[language] = text;
  });
  return out;
}

void read_properties(Reader& r, const json::value& value, const std::string& path, Zone& zone) {
  JsonFields fields(value, path, r.file, r.errors);
  zone.id = ZoneId(fields.text("id"));
  if (!zone.id.value.empty() && !is_id(zone.id.value))
    fields.complain("id", {"alert.bad_id", {{"found", shown(zone.id.value)}}});
  zone.names = read_names(r, fields, "names");
  zone.short_names = read_names(r, fields, "short_names");
  zone.people = fields.whole("people", 0, most_people);
  zone.time_zone = fields.text("time_zone");
  if (!zone.time_zone.empty() && !base::known_time_zone(zone.time_zone))
    fields.complain("time_zone", {"alert.bad_time_zone", {{"found", shown(zone.time_zone)}}});
  fields.each_text(
      "geocodes", [&](const std::string& system, const std::string& code) { zone.geocodes.push_back({system, code}); });
  zone.floor_percent = static_cast<int>(fields.maybe_whole("floor_percent", 0, 100).value_or(zone.floor_percent));
  for (auto& id : fields.maybe_texts("neighbours")) zone.neighbours.emplace_back(std::move(id));
  zone.hazards = fields.maybe_texts("hazards");
  for (auto& language : fields.maybe_texts("languages")) zone.languages.emplace_back(std::move(language));
  zone.map_date = fields.text("map_date");
  if (!zone.map_date.empty() && !is_date(zone.map_date))
    fields.complain("map_date", {"alert.bad_date", {{"found", shown(zone.map_date)}}});
}

void read_feature(Reader& r, const json::value& value, const std::string& path) {
  JsonFields fields(value, path, r.file, r.errors);
  fields.allow_others();
  Zone zone;
  if (const auto* properties = fields.child("properties"))
    read_properties(r, *properties, fields.path_of("properties"), zone);
  if (const auto* geometry = fields.child("geometry")) read_geometry(r, *geometry, fields.path_of("geometry"), zone);
  r.zones.push_back(std::move(zone));
  r.paths.push_back(fields.path_of("properties"));
}

// What only the zones together can tell.

void check_ids(Reader& r) {
  std::map<std::string, std::string> first;
  for (std::size_t i = 0; i < r.zones.size(); ++i) {
    const auto& id = r.zones[i].id.value;
    if (id.empty()) continue;
    const auto [at, is_new] = first.emplace(id, r.paths[i] + ".id");
    if (!is_new)
      wrong_at(r.errors, r.file, r.paths[i] + ".id",
               {"alert.zone_id_twice", {{"zone", shown(id)}, {"first", at->second}}});
  }
}

void check_neighbours(Reader& r) {
  const Zones zones(r.zones);
  for (std::size_t i = 0; i < r.zones.size(); ++i) {
    const auto& neighbours = r.zones[i].neighbours;
    for (std::size_t n = 0; n < neighbours.size(); ++n) {
      const auto path = r.paths[i] + ".neighbours[" + std::to_string(n) + "]";
      if (!zones.find(neighbours[n]))
        wrong_at(r.errors, r.file, path, unknown_zone(neighbours[n], zones));
      else if (neighbours[n] == r.zones[i].id)
        wrong_at(r.errors, r.file, path, {"alert.own_neighbour", {}});
    }
  }
}

/// A zone without a name in one of the languages would leave a hole in that language's texts.
void check_languages(Reader& r) {
  std::set<std::string> languages;
  for (const auto& zone : r.zones)
    for (const auto& [language, name] : zone.names) languages.insert(language);
  const auto check = [&](const std::map<std::string, std::string>& names, const std::string& path) {
    for (const auto& language : languages)
      if (!names.contains(language))
        wrong_at(r.errors, r.file, path + "." + language,
                 {"base.missing", {{"expected", base::Key{"base.expected_text"}}}});
  };
  for (std::size_t i = 0; i < r.zones.size(); ++i) {
    check(r.zones[i].names, r.paths[i] + ".names");
    check(r.zones[i].short_names, r.paths[i] + ".short_names");
  }
}

}  // namespace

const Zone* Zones::find(const ZoneId& id) const {
  const auto at = std::ranges::find(zones_, id, &Zone::id);
  return at == zones_.end() ? nullptr : &*at;
}

base::Text unknown_zone(const ZoneId& id, const Zones& zones) {
  std::vector<std::string> ids;
  for (const auto& zone : zones.all()) ids.push_back(zone.id.value);
  const auto meant = nearest(id.value, ids);
  if (meant.empty()) return {"alert.zone_unknown", {{"found", shown(id.value)}}};
  return {"alert.zone_unknown_meant", {{"found", shown(id.value)}, {"suggestion", meant}}};
}

base::Checked<Zones> parse_zones(const std::string& text, const std::string& file) {
  const auto root = base::parse_written_json(text, file);
  if (!root) return std::unexpected(Errors{root.error()});
  Reader r{file, {}, {}, {}};
  {
    enum class Type { collection };
    static constexpr std::pair<std::string_view, Type> types[] = {{"FeatureCollection", Type::collection}};
    JsonFields fields(*root, "", file, r.errors);
    fields.allow_others();
    fields.choice<Type>("type", types);
    if (const auto* features = fields.child("features");
        features && features->is_array() && features->as_array().empty())
      fields.complain("features", {"alert.no_zones", {}});
    fields.each("features", [&](const json::value& item, const std::string& path) { read_feature(r, item, path); });
  }
  if (r.errors.empty()) {
    check_ids(r);
    check_neighbours(r);
    check_languages(r);
  }
  if (!r.errors.empty()) return std::unexpected(std::move(r.errors));
  return Zones(std::move(r.zones));
}

base::Checked<Zones> read_zones(const std::filesystem::path& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_zones(*text, path.string());
}

}  // namespace broadcaster::alert
