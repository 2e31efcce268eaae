// From a template's fragments to a message's pieces and holes.
//
// While ICU formats, a hole is one private-use character; the text is then cut there. Optional fragments are dropped
// whole, from the end, until the text fits with its drill mark and every hole at its longest: a live alert leaves the
// mark's room, so that the drill rehearses the same text. Nothing is ever cut. Thread rule: pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/plan/marks.hpp"
#include "broadcaster/plan/message.hpp"
#include "broadcaster/plan/template.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

/// Of a prepared alert: which values are slots that firing fills, and the longest that each may become.
struct SlotRoom {
  /// Arrival and end are always slots; the zones are where one text speaks to several.
  enum class Zones { fixed, slot } zones = Zones::fixed;
  SlotFilling longest;
};

/// How one endpoint wants its text.
struct Shape {
  Measure measure = Measure::utf8_bytes;
  int limit = 0;
  Frame frame;
  alert::Mark mark = alert::Mark::required;
  std::optional<SlotRoom> slots = std::nullopt;  ///< of a prepared alert alone
  std::string begins = {};  ///< an update says so first; left out, and told, where the text does not fit otherwise
};

struct Rendered {
  Pieces plain;   ///< without the mark
  Pieces pieces;  ///< as it goes out
  Length length;  ///< of `pieces`, holes at their longest
  int dropped = 0;
  /// A live text that has fewer segments than its drill.
  int drill_segments = 1;
  /// Whether it says what it should begin with.
  enum class Begins { as_wanted, without } begins = Begins::as_wanted;
};

/// Errors, each the reason why this message is blocked: a slot of a required fragment is empty; a value has characters
/// that no text may have; the arrival is not known and the fragment has no words for that; even the required ones do
/// not fit.
base::Result<Rendered> render(const Template& words, const std::vector<Fragment>& fragments, const Values& values,
                              std::chrono::minutes utc_offset, const Shape& shape);

/// The siren's voice: one pattern, no holes.
base::Result<std::string> render_voice(const std::string& pattern, const alert::Language& language,
                                       const Values& values);

/// CAP's own texts (event, headline, description, instruction) for an alert's info in this language.
base::Result<std::map<std::string, std::string>> render_cap(const Template& words, const Wording& wording,
                                                            const Values& values);
/// The same of a prepared alert, with times and zones as slots.
base::Result<std::map<std::string, Pieces>> render_cap_slots(const Template& words, const Wording& wording,
                                                             const Values& values, std::chrono::minutes utc_offset);

}  // namespace broadcaster::plan
