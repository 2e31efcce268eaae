// Whether the lists of a prepared alert are still those that people signed (R40: bound by name, with a tolerance).
//
// Counted zone by zone: a list on which one town has changed places with another is as long as before. A zone that is
// outside holds its own people; where each zone is inside and the whole is not, the whole list is held, for then nobody
// knows whose rows are gone. Somebody who stands in two zones is told once, in whichever of the fired ones comes first
// in the file: so the same file is inside for every choice of zones. Thread rule: pure.
#pragma once

#include "broadcaster/plan/form.hpp"

namespace broadcaster::plan {

/// On a list of five a tenth is nobody: so many may come and go on any list.
constexpr std::int64_t least_room = 3;

/// As signed, and the room either way: the tolerance, rounded up. A zone that had people has one at least.
struct Bounds {
  std::int64_t as_signed = 0;
  std::int64_t least = 0;
  std::int64_t most = 0;
};
/// Of everybody on the list, where these zones are fired.
Bounds bounds(const Form& form, const std::string& audience, const std::vector<alert::ZoneId>& fired);
/// Of those who are told for this zone, one of the fired.
Bounds zone_bounds(const Form& form, const std::string& audience, const std::vector<alert::ZoneId>& fired,
                   const alert::ZoneId& zone);

/// In these zones, as they were counted.
std::int64_t recipients(const PlannedAudience& audience, const std::vector<alert::ZoneId>& zones);

/// Whose people on this list are told nothing, and why.
struct Held {
  std::string audience;
  alert::ZoneId zone;  ///< empty: of the whole list
  base::Text reason;
  bool operator==(const Held&) const = default;
};
/// Whether a gap of a fired plan has such a reason: it is a list's, and can be put right.
bool is_held(const base::Text& reason);
/// `now`: the form's audiences as they are (form_audiences.hpp). One that is not there is held.
std::vector<Held> held_lists(const Form& form, const std::vector<alert::ZoneId>& fired,
                             const std::vector<PlannedAudience>& now);

}  // namespace broadcaster::plan
