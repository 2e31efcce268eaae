// The wording of one hazard in one language: templates/<hazard>/<language>.yaml.
//
//   hazard: tsunami
//   language: id
//   clock: HH.mm                            how the language writes a time (ICU pattern; HH, mm and separators)
//   category: Geo                           CAP’s words for these orders (CAP 1.2 §3.2.2)
//   response: Evacuate
//   mode: live                              optional: words that only a live alert, or only a drill, may say
//   slots:                                  what only a person knows, each with the question `broadcaster new` asks
//     refuge: "Tempat aman terdekat?"
//   levels:                                 the agency’s levels that these words are for, and CAP’s grade of each
//     AWAS: {urgency: Immediate, severity: Extreme, certainty: Likely}
//   words:                                  how a rendered text is known to name its hazard and to say what to do
//     hazard: [tsunami]
//     guidance: [PERGI SEKARANG]
//     actions: [gedung evakuasi]            what else people are told to do; right here, and perhaps deadly elsewhere
//   cap: {event: …, headline: …, description: …, instruction: …}
//   forms:                                  one list a form of channel; a fragment brings its own space or line break
//     sms:
//       - required: "{agency_short} {issued} {zone_time_suffix}: TSUNAMI mulai {arrival} di {zones_short}."
//         without_arrival: "{agency_short} {issued} {zone_time_suffix}: TSUNAMI segera tiba di {zones_short}."
//       - optional: " Jauhi pantai."        dropped whole, from the end, until the text fits
//       - required: " {code}"
//   siren: {program: tsunami-evacuate, duration: 60s, voice: …}
//   false_alarm: {words: …, cap: {headline: …, description: …, instruction: …}, forms: …, siren: …}
//   all_clear: {words: …, …}                optional: of this hazard alone, in the place of the shared one (ending.hpp)
//   not_yet: {words: …, …}
//
// Patterns are ICU MessageFormat; the names they may use are built_in_slots() and the file's own slots. Everything is
// checked when the file is read. Thread rule: plain values.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/plan/pattern.hpp"

namespace broadcaster::plan {

struct Fragment {
  /// where_not_yet: of an all-clear to several zones; said, and required, where some of them must still wait.
  enum class Need { required, optional, where_not_yet };
  Need need = Need::required;
  std::string pattern;
  std::optional<std::string> without_arrival;  ///< said instead when nobody knows when the hazard arrives
};

struct SirenWords {
  std::string program;
  std::chrono::seconds duration{0};
  std::string voice;  ///< a pattern; recorded by a person, so it has no times and no zones
};

/// Which of a template's wordings is spoken: an order and what is prepared with it; or the two answers of an all-clear.
enum class Speech { order, false_alarm, all_clear, not_yet };

/// What one of them says.
struct Wording {
  std::vector<std::string> hazard_words;    ///< one of them stands in every text; of what calms: the state
  std::vector<std::string> guidance_words;  ///< one of them stands in every text
  std::vector<std::string> action_words;    ///< an order may say them; one for another hazard may not
  std::vector<std::string> stop_words;      ///< of an all-clear: what people need not do any more; one stands in each
  std::map<std::string, std::string> cap;   ///< event, headline, description, instruction: patterns
  std::map<std::string, std::vector<Fragment>> forms;
  SirenWords siren;
};

struct Slot {
  std::string name;
  std::string question;
};

/// One of the agency's levels of danger, in CAP's words (CAP 1.2 §3.2.2).
struct Level {
  std::string name;
  alert::Urgency urgency = alert::Urgency::unknown;
  alert::Severity severity = alert::Severity::unknown;
  alert::Certainty certainty = alert::Certainty::unknown;
  bool operator==(const Level&) const = default;
};

struct Template {
  std::string hazard;
  alert::Language language;
  std::string clock;
  alert::Category category = alert::Category::other;
  alert::ResponseType response = alert::ResponseType::none;
  std::optional<alert::Mode> mode;  ///< nothing: both
  std::vector<Slot> slots;
  std::vector<Level> levels;  ///< in the file's order; empty: the file does not say
  Wording order;
  Wording false_alarm;
  std::optional<Wording> all_clear;  ///< nothing: neither the hazard nor the language has words for it
  std::optional<Wording> not_yet;
};

/// nullptr: there are none. An order and its false alarm are always there.
const Wording* wording(const Template& words, Speech speech);

/// Where a pattern stands decides which slots it may use.
enum class PatternUse { order_form, false_alarm_form, ending_form, cap, ending_cap, voice };
std::vector<SlotName> built_in_slots(PatternUse use);

/// Whether an order says when the hazard arrives; otherwise nobody need be asked.
bool says_arrival(const Template& words);

/// Errors with file, line and column, all of them.
base::Checked<Template> parse_template(const std::string& text, const std::string& file);
base::Checked<Template> read_template(const std::filesystem::path& path);

}  // namespace broadcaster::plan
