// The people of a prepared alert, counted anew when it is fired.
//
// Read by the audience's name, for the zones that are fired and the languages that the form speaks. A row with a
// mistake is left out and counted. A list that cannot be read, or of which no copy can be stored, has no digest: nobody
// on it is told anything, the plan says so (form_lists.hpp), and everything else goes out. Thread rule: blocking.
#pragma once

#include <filesystem>

#include "broadcaster/plan/form.hpp"
#include "broadcaster/plan/snapshot.hpp"

namespace broadcaster::plan {

struct AudiencesNow {
  std::vector<PlannedAudience> audiences;  ///< each with its snapshot in `snapshots`, or without a digest
  base::Errors unread;                     ///< why it has none
};

/// `lists` is the folder with the CSV files, `snapshots` the state's.
AudiencesNow audiences_now(const Form& form, const std::vector<alert::ZoneId>& zones, const alert::Zones& map,
                           const std::filesystem::path& lists, const std::filesystem::path& snapshots);

}  // namespace broadcaster::plan
