// What the author typed beside the template's own words: with any of it nobody releases alone
// (approval/break_glass.hpp). Thread rule: pure.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

/// By path: "slots.refuge", "infos[0].headline". Words that are the template's, letter for letter, are none.
std::vector<std::string> free_text(const PlanInput& input);

}  // namespace broadcaster::plan
