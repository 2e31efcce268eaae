// Whether the people of a zone are spoken to in the languages that they read (zones.geojson).
// Thread rule: pure functions.
#pragma once

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

/// One finding for each zone of the plan and each of its languages in which no message speaks to it.
std::vector<Finding> unspoken_languages(const Plan& plan, const alert::Zones& zones);

/// A tone that nobody understands makes people look for news instead of running. What only agencies read are no words.
bool sirens_have_words(const Plan& plan);

}  // namespace broadcaster::plan
