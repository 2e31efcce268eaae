// Places where people can go, from config/shelters.geojson (optional). A text must not lead into the hazard (R57).
//
// A FeatureCollection (RFC 7946) of Points. Each Feature's properties:
//   id, names {lang: text}, capacity (people), kind (ground | vertical), and optionally floor_metres (the lowest floor
//   for people, above the ground) and open_at_night (true | false).
// "vertical" is a building made for vertical evacuation: it may stand inside a zone that is told to leave.
// Thread rule: plain values, pure functions.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert {

struct Shelter {
  enum class Kind { ground, vertical };
  enum class Night { unknown, open, shut };

  std::string id;
  std::map<std::string, std::string> names;  ///< by language
  Point position;
  std::int64_t capacity = 0;
  Kind kind = Kind::ground;
  std::optional<std::int64_t> floor_metres;
  Night night = Night::unknown;
};

/// Errors carry the file and, for a value, its path in the JSON. A file that is not there is no shelter at all.
base::Checked<std::vector<Shelter>> read_shelters(const std::filesystem::path& path);
base::Checked<std::vector<Shelter>> parse_shelters(const std::string& text, const std::string& file);

/// Those that stand where people are told to leave: inside a zone that the alert names or a shape that it draws. Not
/// the vertical ones.
std::vector<const Shelter*> shelters_in_danger(std::span<const Shelter> shelters, const Alert& alert,
                                               const Zones& zones);

}  // namespace broadcaster::alert
