// What one endpoint says in one language to one zone: literal pieces and holes.
//
// A message is rendered once, by `plan`, and signed. At release its holes are filled by concatenation from a closed,
// bounded set (no ICU, no template). Nothing in it depends on a person. Thread rule: plain values.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::plan {

using EndpointName = base::Strong<struct EndpointNameTag>;

/// An all-clear names every revision: an update every ten minutes for six days.
constexpr std::size_t longest_references = 65536;

/// What a hole is filled with. Every kind has a longest filling (see longest()), so lengths are checked before
/// approval.
enum class HoleKind {
  identifier,              ///< CAP identifier, at most 40 characters
  code,                    ///< the public code, as "TP12"; at most 8 characters
  time_of_issue,           ///< by `pattern` and `utc_offset`
  references,              ///< CAP references, at most `longest_references`; in a document alone, never in a text
  original_code,           ///< in a follow-up: the code of the alert it refers to
  original_time_of_issue,  ///< in a follow-up, by `pattern` and `utc_offset`
  // Of a prepared alert alone (form.hpp): filled when it is fired. A plan that has one is refused.
  arrival,      ///< by `pattern` and `utc_offset`; inside the form's range
  until,        ///< the end of the alert, by `pattern` and `utc_offset`
  zones,        ///< names out of the form's list, joined as the language joins them
  zones_short,  ///< the same, short
};

struct Hole {
  HoleKind kind = HoleKind::code;
  /// Times only: HH mm ss dd MM yyyy stand for digits, everything else for itself ("HH.mm").
  std::string pattern;
  /// Times only. Fixed when the plan is made: no time-zone data is read at release.
  std::chrono::minutes utc_offset{0};
  bool operator==(const Hole&) const = default;
};

using Piece = std::variant<std::string, Hole>;
using Pieces = std::vector<Piece>;

/// What release puts into the holes.
struct Filling {
  std::string identifier;
  std::string code;
  base::WallTime time_of_issue;
  std::string references;
  std::string original_code;
  base::WallTime original_time_of_issue;
};

/// What firing a prepared alert puts into its slots.
struct SlotFilling {
  base::WallTime arrival;
  base::WallTime until;
  std::string zones;
  std::string zones_short;
};
/// The same text with its slots filled; what release fills stays a hole. Concatenation.
Pieces fill_slots(const Pieces& pieces, const SlotFilling& filling);
/// Whether firing still has something to fill.
bool has_slots(const Pieces& pieces);

/// Concatenation. Never fails: a kind that the filling leaves empty gives nothing, and approval/ checks that first.
std::string fill(const Pieces& pieces, const Filling& filling);
/// Every hole at its longest.
std::string fill_longest(const Pieces& pieces);

/// What a siren does: its message.
struct SirenProgram {
  std::string program;                   ///< the siren's own name for tone and voice, as "tsunami-evacuate"
  std::chrono::seconds duration{0};      ///< one cycle
  std::vector<std::string> targets;      ///< siren ids, sorted
  std::vector<std::string> voice_texts;  ///< what the voice says, for people to read; one a language
  bool operator==(const SirenProgram&) const = default;
};

/// The unit that a platform counts in, and what was counted with every hole at its longest.
struct Length {
  std::string unit;  ///< "gsm7", "ucs2", "graphemes", "bytes", "seconds"
  int used = 0;
  int limit = 0;
  int segments = 1;  ///< SMS only; 1 elsewhere
  bool operator==(const Length&) const = default;
};

/// The five elements that a warning needs, looked for in the rendered text itself.
enum class Element { source, hazard, location, time, guidance };

struct Message {
  EndpointName endpoint;
  alert::Language language;  ///< empty for a siren
  alert::ZoneId zone;        ///< empty where one message speaks to all zones (an account)
  std::string form;          ///< "sms", "post", "siren", "event", "cap"
  std::variant<Pieces, SirenProgram> body;
  Length length;
  std::vector<Element> missing;  ///< elements not found; an error unless the form is exempt
  bool operator==(const Message&) const = default;
};

/// A message that cannot go out: it blocks itself alone and stands in the plan, so that the approver signs the gap.
struct Blocked {
  EndpointName endpoint;
  alert::Language language;
  alert::ZoneId zone;
  std::string form;
  base::Text reason;
  std::int64_t recipients = 0;  ///< people who get nothing because of it
  bool operator==(const Blocked&) const = default;
};

/// The rule that blocks it, as people name it: "element_missing", "too_long".
std::string rule_of(const Blocked& blocked);

}  // namespace broadcaster::plan
