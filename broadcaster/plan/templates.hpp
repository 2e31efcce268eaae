// All templates of an agency and their drill marks: the folder templates/.
//
// Words of an all-clear that all hazards share stand in templates/all-clear.yaml (ending.hpp). Beside each file's own
// checks: the folder's and file's names are the hazard and the language; the languages of a hazard ask for the same
// slots, are for the same levels and command the same siren programmes; every language has drill marks for every form
// it uses, and no drill programme is also a live one. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <vector>

#include "broadcaster/plan/marks.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

/// What an order for another hazard tells people to do.
struct ForeignGuidance {
  std::string phrase;
  std::string hazard;
};

struct Templates {
  std::vector<Template> all;  ///< by hazard, then language
  Marks marks;

  /// nullptr: none.
  const Template* find(const std::string& hazard, const alert::Language& language) const;
  std::vector<std::string> hazards() const;
  /// Guidance and actions of all other hazards in this language, without those that this hazard shares.
  std::vector<ForeignGuidance> foreign_to(const Template& words) const;
};

/// Every mistake of every file at once.
base::Checked<Templates> read_templates(const std::filesystem::path& folder);

}  // namespace broadcaster::plan
