// The words of an all-clear that every hazard shares: templates/all-clear.yaml (optional).
//
//   languages:
//     id:
//       all_clear:                            to zones whose people may return
//         words: {hazard: [BAHAYA SELESAI], guidance: [boleh pulang], stop: [Berhenti mengungsi]}
//         cap: …  forms: …  siren: …          as in template.hpp; {event} is what the hazard's own file calls it
//       not_yet: {words: …, …}                to zones where it is over, and not safe yet
//
// `hazard` are the words that say the state; with one of them a text begins. An account speaks to all zones in one
// text: in its all-clear a fragment `where_not_yet` names those that must wait ({zones_not_yet}). A hazard's own
// `all_clear` or `not_yet` stands in the place of the shared one, whole. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

struct EndingWords {
  Wording all_clear;
  Wording not_yet;
};
using Endings = std::map<std::string, EndingWords>;  ///< by language

/// Errors with file, line and column. A file that is not there is no shared words.
base::Checked<Endings> read_endings(const std::filesystem::path& path);
base::Checked<Endings> parse_endings(const std::string& text, const std::string& file);

/// Gives a template the shared words that it has not of its own.
void take_endings(const Endings& shared, Template& words);

/// The answer that is spoken to a zone.
Speech speech_of(alert::Ending ending);

}  // namespace broadcaster::plan
