// The drill mark: what makes a drill's text and sound unlike a live one; and the word by which an update's text says
// that it is one. From templates/marks.yaml.
//
//   languages:
//     id:
//       frames: {sms: {before: "LATIHAN: ", after: " LATIHAN."}, post: …, event: …}
//       update: {sms: "PEMBARUAN. ", post: "PEMBARUAN. ", event: …}   optional: what the text of an update begins with
//       siren: {program: exercise, voice: …}                 a programme of its own, never the live one
//       siren_false_alarm: {program: exercise-over, voice: …}  a false alarm, and an all-clear
//       siren_not_yet: {program: exercise-wait, voice: …}      optional: over, but wait; else as `siren`
//
// The mark stands in a fixed place and is recognised there alone: "Balai Latihan Kerja" is no mark. What stands before
// a text begins with a word of alert/mark.hpp, which is all that a release looks for. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::plan {

struct Frame {
  std::string before;
  std::string after;
};

struct SirenMark {
  std::string program;
  std::string voice;  ///< a pattern
};

struct LanguageMarks {
  std::map<std::string, Frame> frames;        ///< by form
  std::map<std::string, std::string> update;  ///< by form
  SirenMark siren;
  SirenMark siren_false_alarm;
  SirenMark siren_not_yet;
};

struct Marks {
  std::map<std::string, LanguageMarks> languages;
};

base::Checked<Marks> parse_marks(const std::string& text, const std::string& file);
base::Checked<Marks> read_marks(const std::filesystem::path& path);

std::string framed(const Frame& frame, std::string_view text);

/// Whether `text` bears this frame, whole: at its beginning and at its end.
bool bears(const Frame& frame, std::string_view text);
/// The mark of any language and form that stands at the beginning or at the end of `text`; small and capital letters
/// are the same at the beginning. What a live text must not have.
std::optional<std::string> mark_in(const Marks& marks, std::string_view text);

}  // namespace broadcaster::plan
