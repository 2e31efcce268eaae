#include "broadcaster/plan/siren_words.hpp"

namespace broadcaster::plan {
namespace {

const SirenMark& drill_sound(const LanguageMarks& marks, Speech speech) {
  switch (speech) {
    case Speech::order:
      return marks.siren;
    case Speech::false_alarm:
    case Speech::all_clear:
      return marks.siren_false_alarm;
    case Speech::not_yet:
      return marks.siren_not_yet;
  }
  return marks.siren;
}

}  // namespace

SirenWords siren_words(const Template& words, Speech speech, alert::Mark mark, const Marks& marks) {
  auto out = wording(words, speech)->siren;
  if (mark == alert::Mark::forbidden) return out;
  // A drill sounds like nothing that is live: its own programme, its own voice.
  const auto& drill = drill_sound(marks.languages.at(words.language.value), speech);
  out.program = drill.program;
  out.voice = drill.voice;
  return out;
}

}  // namespace broadcaster::plan
