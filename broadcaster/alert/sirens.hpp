// Where the sirens stand: config/sirens.yaml.
//
//   sirens:
//     - {id: siren-01, zone: muara, name: Masjid Al-Amin, position: "-12.0612,100.0395"}
//     - {id: siren-02, zone: muara, name: Jembatan Muara, position: "…", heard_in: [pasir]}   # beside its own zone
// Thread rule: plain values.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert {

using SirenId = base::Strong<struct SirenIdTag>;

struct Siren {
  SirenId id;
  ZoneId zone;  ///< the zone that it is counted in
  std::string name;
  Point position;
  /// Other zones whose people hear it: they may have run, so an all-clear speaks to them, too (R44).
  std::vector<ZoneId> heard_in = {};
  bool operator==(const Siren&) const = default;
};

/// Zones that hear one of these sirens (by id), each once, in the map's order; its own zone among them.
std::vector<ZoneId> zones_in_hearing(const std::vector<Siren>& sirens, const std::vector<std::string>& sounding,
                                     const Zones& zones);

/// Errors with file, line and column; an unknown zone and an id given twice among them.
base::Checked<std::vector<Siren>> read_sirens(const std::filesystem::path& path, const Zones& zones);
base::Checked<std::vector<Siren>> parse_sirens(const std::string& text, const std::string& file, const Zones& zones);

}  // namespace broadcaster::alert
