// The rules for a text that takes an alert back or says that it is over (R44): it begins with the state and not with an
// apology, and does not tell people once more what the message before told them. A false alarm says which message was
// wrong. That it says “you are safe” is its guidance, one of the five elements. Nothing for any other text.
// Thread rule: pure functions.
#pragma once

#include "broadcaster/plan/lint_rules.hpp"

namespace broadcaster::plan {

/// In front of the state stand only who speaks and when.
std::vector<base::Text> correction_state(const LintedText& message);
std::vector<base::Text> correction_repeats(const LintedText& message);
/// By its code or its time of issue.
std::vector<base::Text> correction_of_what(const LintedText& message);

}  // namespace broadcaster::plan
