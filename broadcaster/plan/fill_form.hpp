// Firing a prepared alert, the pure part: form and slots give the plan that goes out.
//
// Nothing is rendered: pieces are concatenated out of what people signed. The same form and slots give the same bytes
// in every process and on every day. Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"

namespace broadcaster::plan {

struct Slots {
  base::WallTime at;                 ///< when it was fired: the life and the arrival count from here
  std::vector<alert::ZoneId> zones;  ///< some of the form's, in its order
  std::optional<base::WallTime> arrival;
  /// The form's audiences as they are now. One outside its bounds gets nothing, and the plan says so (R41): the sirens
  /// and posts of a night do not wait for a list.
  std::vector<PlannedAudience> audiences;
};

/// Every slot inside what was signed. The first that is not; nothing: all are.
std::optional<base::Text> slot_refusal(const Form& form, const Slots& slots);

/// Of slots that slot_refusal() takes.
Plan fill_form(const Form& form, const Slots& slots);

/// These zones in the order of the form; what is none of its zones stays, at the end.
std::vector<alert::ZoneId> in_order(const Form& form, std::vector<alert::ZoneId> zones);

/// Slots for a look at it: at `at`, the latest arrival, the audiences as they were.
Slots sample_slots(const Form& form, std::vector<alert::ZoneId> zones, base::WallTime at);

}  // namespace broadcaster::plan
