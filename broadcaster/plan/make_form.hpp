// From a prepared alert's file to the form that people sign.
//
// Everything that make_plan() asks of an alert is asked of it with all its zones and the latest arrival; then every
// text is made once more with slots, and read with its longest and its shortest filling. Refused beside that: words
// that a person typed (a slot of the template may be answered), a follow-up, a pattern that counts or chooses by a
// slot, a language that joins names by rules of their own, clocks that change before the last day. Thread rule: pure,
// but for ICU's data.
#pragma once

#include "broadcaster/plan/form_terms.hpp"
#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

struct FormInput {
  const PlanInput& plan;  ///< its alert is PreparedFile::alert
  const FormTerms& terms;
  std::vector<Firer> may_fire;  ///< the terms' roles and persons, as people.yaml has them today
  std::vector<BasisPart> basis;
};

base::Checked<Form> make_form(const FormInput& input);

}  // namespace broadcaster::plan
