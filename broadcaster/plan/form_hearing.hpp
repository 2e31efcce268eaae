// Who hears the sirens of a prepared alert and is not told by its false alarm (R41: a hole is named, and signed).
//
// Any of the form's zones may be left out when it is fired, and then hears its neighbour's sirens as a zone outside of
// the form does. Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"
#include "broadcaster/plan/make_plan.hpp"

namespace broadcaster::plan {

/// For the form: each zone of the map that hears a siren that `plan` commands in another zone of the alert, with
/// everything that would have told its people. The endpoints are those of `plan`.
std::vector<Untold> untold_of(const PlanInput& input, const Plan& plan);

/// For its false alarm, of a fired plan: zones that are not fired, where a siren that sounds is heard. An account that
/// speaks to a fired zone leaves nobody out: whoever reads it reads the false alarm.
std::vector<Blocked> untold_when_fired(const Form& form, const Plan& fired);

}  // namespace broadcaster::plan
