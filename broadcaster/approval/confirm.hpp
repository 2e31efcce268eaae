// What a person must type to release: mode, hazard and number of zones, so that nobody releases by habit.
//
//   LIVE tsunami 4        an all-clear: LIVE ALL-CLEAR tsunami 4
//
// Thread rule: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// Empty for a drill, which asks for nothing.
std::string expected_confirmation(const plan::Plan& plan);

/// Upper and lower case and the amount of space do not matter; everything else does. A drill takes nothing, or its own
/// words ("DRILL", "DRILL tsunami 4"): who types LIVE for a drill is mistaken about what happens next.
bool matches(std::string_view typed, const plan::Plan& plan);

/// Upper and lower case and the amount of space do not matter.
bool same_typed(std::string_view typed, std::string_view words);

/// The rules that this plan and its false alarm break, each once, sorted: what an approver accepts by name before
/// signing a live plan. "blocked" stands for messages that cannot go out. Empty: nothing speaks against it.
std::vector<std::string> to_accept(const plan::Plan& plan);

/// The names of exactly these rules, in any order, with commas or spaces.
bool accepts(std::string_view typed, const plan::Plan& plan);
bool accepts(std::string_view typed, const std::vector<std::string>& rules);

}  // namespace broadcaster::approval
