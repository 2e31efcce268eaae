#include "broadcaster/alert/geojson.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert {

std::optional<Point> read_position(const boost::json::value& value, const std::string& path, const std::string& file,
                                   base::Errors& errors) {
  const auto* list = value.if_array();
  const bool numbers =
      list && list->size() >= 2 && list->size() <= 3 && (*list)[0].is_number() && (*list)[1].is_number();
  if (!numbers) {
    expected_found(errors, file, path, "alert.expected_position", value);
    return std::nullopt;
  }
  const Point point{.latitude = (*list)[1].to_number<double>(), .longitude = (*list)[0].to_number<double>()};
  // Written so that a NaN would fail too.
  if (point.latitude >= -90 && point.latitude <= 90 && point.longitude >= -180 && point.longitude <= 180) return point;
  wrong_at(errors, file, path,
           {"alert.position_range",
            {{"found", "[" + format_decimal(point.longitude) + ", " + format_decimal(point.latitude) + "]"}}});
  return std::nullopt;
}

}  // namespace broadcaster::alert
