// The rules for one rendered message, a row each: its name, how grave it is, and a pure function that says what it
// found. What holds for any text of an alert stands in alert/text_rules.hpp and is looked at as well.
// Thread rule: constants and pure functions.
#pragma once

#include <span>

#include "broadcaster/alert/lint.hpp"
#include "broadcaster/plan/lint.hpp"

namespace broadcaster::plan {

/// A message as its rules see it.
struct LintedText {
  std::string plain;  ///< without its drill mark, holes filled with something of their kind
  std::string whole;  ///< as it goes out
  const Pieces& plain_pieces;
  const Pieces& pieces;
  const LintContext& context;
  std::vector<Element> missing;
};

/// Whether a rule is also for what a siren says.
enum class Heard { text_alone, text_and_voice };

struct LintRule {
  std::string_view id;
  alert::LintSeverity severity;
  Heard heard;
  std::vector<base::Text> (*look)(const LintedText&);
};

std::span<const LintRule> lint_rules();

}  // namespace broadcaster::plan
