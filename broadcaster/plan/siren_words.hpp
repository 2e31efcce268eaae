// Which programme and which voice a siren plays: the hazard's own in a live alert, the drill's in every other.
// Thread rule: pure.
#pragma once

#include "broadcaster/plan/marks.hpp"
#include "broadcaster/plan/template.hpp"

namespace broadcaster::plan {

/// `words` speak `speech`; the marks have their language (templates.hpp checks both).
SirenWords siren_words(const Template& words, Speech speech, alert::Mark mark, const Marks& marks);

}  // namespace broadcaster::plan
