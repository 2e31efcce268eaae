// A prepared alert as people write it: config/prepared/<name>.yaml. An alert file (alert/alert_yaml.hpp) without onset
// and expires, and with a block of terms:
//
//   prepared:
//     last: 2027-05-20T23:59:59+07:00     # its last moment, at most 180 days away
//     may_fire: {roles: [duty_officer], persons: [bayu.pratama]}   # one of both may be left out
//     lasts: 6h                           # the life of an alert that is fired; 10m to 12h
//     arrival: {earliest: 10m, latest: 2h}  # from the time of issue; left out: nobody says when it arrives
//     tolerance: 10                       # percent that a list may differ, zone by zone; 1 to 50, left out: 10
//   status: Actual
//   zones: [muara, pasir, teluk]          # fired for any of these
//   …
//
// Thread rule: plain values; reading blocks.
#pragma once

#include <filesystem>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/plan/form.hpp"

namespace broadcaster::plan {

struct FormTerms {
  base::WallTime last;
  std::chrono::seconds lasts{0};
  std::optional<ArrivalRange> arrival;
  int tolerance_percent = usual_tolerance_percent;
  std::vector<std::string> roles;    ///< as people.yaml spells them
  std::vector<std::string> persons;  ///< ids
};

struct PreparedFile {
  alert::Alert alert;  ///< with the latest arrival and the whole life from `now`
  FormTerms terms;
};

/// All mistakes at once, each with file, line, column and key.
base::Checked<PreparedFile> read_prepared(const std::filesystem::path& path, const alert::ReadContext& context);
base::Checked<PreparedFile> parse_prepared(const std::string& text, const std::string& file,
                                           const alert::ReadContext& context);

}  // namespace broadcaster::plan
