// What one text of a plan is held against: names and words of its template, its zones and times. Thread rule: pure.
#pragma once

#include <span>

#include "broadcaster/plan/lint.hpp"
#include "broadcaster/plan/make_plan.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {

/// One text, and whom it speaks to.
struct Rendering {
  const Template& words;
  Speech speech;
  Measure measure;
  alert::Mark mark;
  const Addressees& addressees;
  const Values& values;
};

/// `unsafe`: shelters inside the danger, where no order may send anybody.
LintContext lint_context(const PlanInput& input, const Plan& plan, std::span<const alert::Shelter* const> unsafe,
                         const Rendering& text);

}  // namespace broadcaster::plan
