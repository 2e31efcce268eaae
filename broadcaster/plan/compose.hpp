// The messages of one plan (or of its false alarm): every endpoint, language and zone through render and lint.
// Thread rule: pure, but for ICU's data.
#pragma once

#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

/// Which of a template's two wordings is spoken.
enum class Speech { order, false_alarm };

/// Fills messages, blocked and findings of `plan`, whose alert is final. A false alarm says what the order says about
/// zones and people, and has its own words.
void compose(const PlanInput& input, Speech speech, Plan& plan);

}  // namespace broadcaster::plan
