// What a prepared alert is judged by, as it stands this minute: people, the files that it rests on, where endpoints
// lead. Thread rule: blocking on the disk, for the words alone; the other texts come in.
#pragma once

#include <filesystem>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/approval/people.hpp"
#include "broadcaster/approval/signed_set.hpp"
#include "broadcaster/plan/form_basis.hpp"

namespace broadcaster::service {

struct PreparedToday {
  approval::People people;
  plan::Today files;
  alert::Zones zones;
};

/// `config`: the files of the signed set, read once (set_files.hpp); live, the very texts that were judged.
/// Errors: those of people.yaml, endpoints.yaml and zones.geojson: what cannot be read cannot be compared.
base::Checked<PreparedToday> read_prepared_today(const approval::SetTexts& config,
                                                 const std::filesystem::path& templates, const std::string& hazard);

}  // namespace broadcaster::service
