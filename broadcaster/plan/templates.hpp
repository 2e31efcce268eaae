// All templates of an agency and their drill marks: the folder templates/.
//
// Beside each file's own checks: the folder's and file's names are the hazard and the language; the languages of a
// hazard ask for the same slots, are for the same levels and command the same siren programmes; every language has
// drill marks for every form it uses, and no drill programme is also a live one. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <vector>

#include "broadcaster/plan/marks.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

struct Templates {
  std::vector<Template> all;  ///< by hazard, then language
  Marks marks;

  /// nullptr: none.
  const Template* find(const std::string& hazard, const alert::Language& language) const;
  std::vector<std::string> hazards() const;
};

/// Every mistake of every file at once.
base::Checked<Templates> read_templates(const std::filesystem::path& folder);

}  // namespace broadcaster::plan
