// What a form may not hold, whoever signed it: make_form.hpp writes none of it, but a form is a file, and its author
// has an editor. Everything that can be derived from the rest of the form is derived again. Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"

namespace broadcaster::plan {

/// The limits that a prepared alert's file is held to (form_terms.hpp); a text over what does not speak, or for a zone
/// or a language that the form has not; an account with zones that are none of the form's.
std::vector<base::Text> form_faults(const Form& form);

/// So many fillings that each text of the form stands in one of them with the longest names that it can hold: what is
/// sound in all of them is sound whichever zones are fired. The first has all zones; the others have the texts of
/// accounts alone.
std::vector<Plan> longest_fillings(const Form& form);

}  // namespace broadcaster::plan
