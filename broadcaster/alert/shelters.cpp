#include "broadcaster/alert/shelters.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "broadcaster/alert/geojson.hpp"
#include "broadcaster/alert/geometry.hpp"
#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/alert/touched.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::alert {
namespace {

namespace json = boost::json;
using base::Errors;

constexpr std::int64_t most_people = 1'000'000;
constexpr std::int64_t highest_floor = 1'000;

struct Reader {
  const std::string& file;
  Errors errors;
  std::vector<Shelter> shelters;
  std::set<std::string> ids;

  void properties(const json::value& value, const std::string& path, Shelter& out) {
    static constexpr std::pair<std::string_view, Shelter::Kind> kinds[] = {{"ground", Shelter::Kind::ground},
                                                                           {"vertical", Shelter::Kind::vertical}};
    JsonFields fields(value, path, file, errors);
    out.id = fields.text("id");
    if (!out.id.empty() && !is_id(out.id)) fields.complain("id", {"alert.bad_id", {{"found", shown(out.id)}}});
    if (!out.id.empty() && !ids.insert(out.id).second)
      fields.complain("id", {"alert.shelter_twice", {{"shelter", shown(out.id)}}});
    if (fields.child("names"))
      fields.each_text("names", [&](const std::string& language, const std::string& name) {
        if (name.empty()) fields.complain("names", {"alert.empty_text", {}});
        out.names[language] = name;
      });
    out.capacity = fields.whole("capacity", 0, most_people);
    out.kind = fields.choice<Shelter::Kind>("kind", kinds);
    out.floor_metres = fields.maybe_whole("floor_metres", 0, highest_floor);
    if (const auto* night = fields.maybe_child("open_at_night")) {
      if (!night->is_bool())
        return expected_found(errors, file, fields.path_of("open_at_night"), "base.expected_yes_no", *night);
      out.night = night->as_bool() ? Shelter::Night::open : Shelter::Night::shut;
    }
  }

  void geometry(const json::value& value, const std::string& path, Shelter& out) {
    enum class Type { point };
    static constexpr std::pair<std::string_view, Type> types[] = {{"Point", Type::point}};
    JsonFields fields(value, path, file, errors);
    fields.allow_others();
    fields.choice<Type>("type", types);
    const auto* coordinates = fields.child("coordinates");
    if (!coordinates) return;
    if (const auto point = read_position(*coordinates, fields.path_of("coordinates"), file, errors))
      out.position = *point;
  }

  void feature(const json::value& value, const std::string& path) {
    JsonFields fields(value, path, file, errors);
    fields.allow_others();
    Shelter out;
    if (const auto* child = fields.child("properties")) properties(*child, fields.path_of("properties"), out);
    if (const auto* child = fields.child("geometry")) geometry(*child, fields.path_of("geometry"), out);
    shelters.push_back(std::move(out));
  }
};

}  // namespace

base::Checked<std::vector<Shelter>> parse_shelters(const std::string& text, const std::string& file) {
  const auto root = base::parse_written_json(text, file);
  if (!root) return std::unexpected(Errors{root.error()});
  Reader reader{file, {}, {}, {}};
  {
    enum class Type { collection };
    static constexpr std::pair<std::string_view, Type> types[] = {{"FeatureCollection", Type::collection}};
    JsonFields fields(*root, "", file, reader.errors);
    fields.allow_others();
    fields.choice<Type>("type", types);
    if (fields.child("features"))
      fields.each("features", [&](const json::value& item, const std::string& path) { reader.feature(item, path); });
  }
  if (!reader.errors.empty()) return std::unexpected(std::move(reader.errors));
  return std::move(reader.shelters);
}

base::Checked<std::vector<Shelter>> read_shelters(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::vector<Shelter>();
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_shelters(*text, path.string());
}

std::vector<const Shelter*> shelters_in_danger(std::span<const Shelter> shelters, const Alert& alert,
                                               const Zones& zones) {
  const auto drawn = drawn_areas(alert);
  const auto in_drawn = [&](const Point& point) {
    return std::ranges::any_of(drawn, [&](const Area& area) {
      const auto holds = [&](const auto& shape) { return contains(shape, point); };
      return std::ranges::any_of(area.polygons, holds) || std::ranges::any_of(area.circles, holds);
    });
  };
  const auto in_zone = [&](const Point& point) {
    return std::ranges::any_of(zones_at(point, zones), [&](const ZoneId& id) {
      return std::ranges::find(alert.zones, id, &ZoneOrder::zone) != alert.zones.end();
    });
  };
  std::vector<const Shelter*> out;
  for (const auto& shelter : shelters) {
    switch (shelter.kind) {
      case Shelter::Kind::vertical:
        continue;
      case Shelter::Kind::ground:
        break;
    }
    if (in_zone(shelter.position) || in_drawn(shelter.position)) out.push_back(&shelter);
  }
  return out;
}

}  // namespace broadcaster::alert
