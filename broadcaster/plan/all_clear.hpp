// An all-clear on its way into a plan: CAP's own texts, one info for each language and answer, so that whoever reads
// the CAP file is told to return only where people may (CAP 1.2 §3.2.2: an info speaks for its areas). Thread rule:
// pure, but for ICU's data.
#pragma once

#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

/// Splits every info of an all-clear by the answers that its zones have; event, headline, description and instruction
/// are the template's, whatever a person typed: they must say what the answer says.
void answer_zones(const PlanInput& input, alert::Alert& alert);

}  // namespace broadcaster::plan
