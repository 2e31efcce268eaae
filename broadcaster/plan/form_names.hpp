// The names of a prepared alert's zones, and how a language joins them: a closed list that firing concatenates.
//
// ICU joins names when the form is made (local_time.hpp); here stand the words between them, so that firing needs no
// ICU. A language that joins otherwise for some names ("y" and "e" in Spanish) is found out and refused.
// Thread rule: plain values, pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

struct ListedZone {
  alert::ZoneId zone;
  std::string whole;  ///< "Kelurahan Muara"
  std::string brief;  ///< "Muara"
  bool operator==(const ListedZone&) const = default;
};

/// The zones in one language, in the order of the form.
struct ZoneList {
  alert::Language language;
  std::string pair;    ///< between two: " dan "
  std::string middle;  ///< of three and more: ", "
  std::string last;    ///< before the last of three and more: ", dan "
  std::vector<ListedZone> zones;
  bool operator==(const ZoneList&) const = default;
};

/// Nothing for a language whose joining depends on the names.
std::optional<ZoneList> list_zones(const std::vector<const alert::Zone*>& zones, const alert::Language& language,
                                   const alert::Agency& agency);

/// Whole names are joined by the language's words, short ones by commas (as in plan/values.hpp).
enum class NameForm { whole, brief };
std::string join(const ZoneList& list, std::span<const alert::ZoneId> zones, NameForm form);
/// Throws std::logic_error for a language without a list.
std::string join(std::span<const ZoneList> lists, const alert::Language& language,
                 const std::vector<const alert::Zone*>& zones, NameForm form);

/// So many of the zones, with the longest or shortest names of each kind by this measure, in their order.
enum class Wanted { longest, shortest };
struct ChosenZones {
  std::vector<const alert::Zone*> whole;
  std::vector<const alert::Zone*> brief;
};
ChosenZones choose(std::span<const ZoneList> lists, const alert::Language& language,
                   const std::vector<const alert::Zone*>& zones, std::size_t count, Wanted wanted, Measure measure);

}  // namespace broadcaster::plan
