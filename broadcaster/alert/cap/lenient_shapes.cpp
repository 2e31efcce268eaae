// Polygons and circles as the world writes them (lenient.hpp).
#include <cmath>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/alert/cap/lenient.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert::cap {
namespace {

constexpr std::string_view space = " \t\r\n";

bool in_range(const Point& p) {
  // Written so that a NaN would fail too.
  return p.latitude >= -90 && p.latitude <= 90 && p.longitude >= -180 && p.longitude <= 180;
}

std::optional<Point> position(std::string_view word) {
  const auto comma = word.find(',');
  Point point;
  if (comma == std::string_view::npos || !parse_decimal(word.substr(0, comma), point.latitude) ||
      !parse_decimal(word.substr(comma + 1), point.longitude) || !in_range(point))
    return std::nullopt;
  return point;
}

/// Exactly as CAP writes it; nothing otherwise.
std::optional<Polygon> strict_polygon(std::string_view text) {
  Polygon out;
  for (std::size_t at = 0; (at = text.find_first_not_of(space, at)) != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(space, at), text.size());
    const auto point = position(text.substr(at, end - at));
    if (!point) return std::nullopt;
    out.push_back(*point);
    at = end;
  }
  if (out.size() < 4 || out.front() != out.back()) return std::nullopt;
  return out;
}

/// All numbers of a text with nothing but separators between them.
std::optional<std::vector<double>> numbers(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n,;|()[]{}";
  std::vector<double> out;
  for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(separators, at), text.size());
    double value = 0;
    if (!parse_decimal(text.substr(at, end - at), value)) return std::nullopt;
    out.push_back(value);
    at = end;
  }
  return out;
}

/// Whether some corner is written with three numbers. Read as pairs, every second one would stand crosswise.
bool has_triples(std::string_view text) {
  constexpr std::string_view between = ";|()[]{}";
  int count = 0;
  bool joined = true;  // to the number before, by a comma
  for (std::size_t at = 0; at < text.size();) {
    if (space.find(text[at]) != std::string_view::npos) {
      ++at;
    } else if (text[at] == ',') {
      joined = true;
      ++at;
    } else if (between.find(text[at]) != std::string_view::npos) {
      if (count == 3) return true;
      count = 0;
      ++at;
    } else {
      if (!joined && count == 3) return true;
      count = joined ? count + 1 : 1;
      joined = false;
      at = std::min(text.find_first_of(" \t\r\n,;|()[]{}", at), text.size());
    }
  }
  return count == 3;
}

/// A longitude one turn too far is the same place; more than that is no longitude.
std::optional<Point> turned(double latitude, double longitude) {
  // A turn costs the last digits of a double; a thousand-millionth of a degree is a tenth of a millimetre.
  const auto turn = [&](double degrees) { return std::round((longitude + degrees) * 1e9) / 1e9; };
  if (longitude > 180)
    longitude = turn(-360);
  else if (longitude < -180)
    longitude = turn(360);
  const Point point{latitude, longitude};
  if (!in_range(point)) return std::nullopt;
  return point;
}

}  // namespace

std::optional<Lenient<Polygon>> lenient_polygon(std::string_view text) {
  if (auto exact = strict_polygon(text)) return Lenient<Polygon>{std::move(*exact), Care::as_written};
  const auto values = numbers(text);
  if (!values || values->size() % 2 != 0 || has_triples(text)) return std::nullopt;
  Polygon out;
  for (std::size_t i = 0; i < values->size(); i += 2) {
    const auto point = turned((*values)[i], (*values)[i + 1]);
    if (!point) return std::nullopt;
    out.push_back(*point);
  }
  if (!out.empty() && out.front() != out.back()) out.push_back(out.front());
  if (out.size() < 4) return std::nullopt;
  return Lenient<Polygon>{std::move(out), Care::repaired};
}

std::optional<Lenient<Circle>> lenient_circle(std::string_view text) {
  const auto whole = trimmed(text);
  const auto values = numbers(whole);
  if (!values || values->size() != 3 || (*values)[2] < 0) return std::nullopt;
  const auto centre = turned((*values)[0], (*values)[1]);
  if (!centre) return std::nullopt;
  const auto gap = whole.find(' ');
  double radius = 0;
  const bool exact = gap != std::string_view::npos && position(whole.substr(0, gap)) == *centre &&
                     parse_decimal(whole.substr(gap + 1), radius);
  return Lenient<Circle>{{*centre, (*values)[2]}, exact ? Care::as_written : Care::repaired};
}

}  // namespace broadcaster::alert::cap
