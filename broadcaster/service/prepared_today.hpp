// What a prepared alert is judged by, read from the configuration as it stands this minute: people, the files that it
// rests on, where endpoints lead. Thread rule: blocking on the disk.
#pragma once

#include <filesystem>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/approval/people.hpp"
#include "broadcaster/plan/form_basis.hpp"

namespace broadcaster::service {

struct PreparedToday {
  approval::People people;
  plan::Today files;
  alert::Zones zones;
};

/// Errors: those of people.yaml, endpoints.yaml and zones.geojson: what cannot be read cannot be compared.
base::Checked<PreparedToday> read_prepared_today(const std::filesystem::path& config,
                                                 const std::filesystem::path& templates, const std::string& hazard);

}  // namespace broadcaster::service
