// The rules for the two answers of an all-clear (R37, R44): it says what to stop and whether to return, and no text
// that lets people return can be taken for one that makes them wait, nor the other way. What it shares with a false
// alarm is in lint_corrections.hpp. Nothing for any other text. Thread rule: pure functions.
#pragma once

#include "broadcaster/plan/lint_rules.hpp"

namespace broadcaster::plan {

/// What people need not do any more.
std::vector<base::Text> ending_stop(const LintedText& message);
/// It names zones that must wait, and does not tell them so.
std::vector<base::Text> ending_wait(const LintedText& message);
/// It says what the other answer says.
std::vector<base::Text> ending_contradicts(const LintedText& message);

}  // namespace broadcaster::plan
