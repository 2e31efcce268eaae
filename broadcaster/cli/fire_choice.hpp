// What the officer fills in when a prepared alert is fired: its zones and its arrival, as they are typed at night.
//
// Asked for where an option leaves them out, and asked again on an answer that is none. Thread rule: main thread.
#pragma once

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/plan/fill_form.hpp"

namespace broadcaster::cli {

/// "muara, pasir": ids or names of zones, in any case, in any language of the form, each once, in its order; "all",
/// "semua" or "*": every zone, a word that is typed and never what is left out. Errors: refused, for a word that is no
/// zone, or several.
base::Result<std::vector<alert::ZoneId>> read_fired_zones(const plan::Form& form, const std::string& text);

struct FireChoice {
  std::vector<alert::ZoneId> zones;
  std::optional<base::WallTime> arrival;
};
/// Errors: as above; usage for a time that is none; refused for an arrival outside of the form's range.
base::Result<FireChoice> choose_fired(const Context& context, const plan::Form& form, const Fire& options);

}  // namespace broadcaster::cli
