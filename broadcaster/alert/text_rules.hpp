// What speaks against a text, whoever wrote it: a person in an alert file, or a template that was filled. One row a
// rule; each looks at the text alone and says what it found there.
//
// Where they come from: FEMA's lessons for warnings and the warning lexicon (capitals for the hazard and the action
// alone, no levels of danger by number, links last, short sentences), agencies' own templates that went out unfilled.
// A level's name says nothing to who does not know it, and "awas" is also an everyday word. Thread rule: pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "broadcaster/alert/lint.hpp"

namespace broadcaster::alert {

struct TextRule {
  std::string_view id;  ///< "unfilled"; what it says is "alert.text_unfilled"
  LintSeverity severity;
  /// Nothing: the text keeps the rule.
  std::optional<base::Text> (*look)(const std::string& text);
};

std::span<const TextRule> text_rules();

/// "Evacuation" is what people do, not what threatens them: the word in an event’s name; nothing when it is not there.
std::optional<std::string> evacuation_word(std::string_view text);

/// "Not a drill", "bukan latihan": in a drill it denies the mark around it.
std::optional<std::string> denial_of_drill(std::string_view text);

/// How hard a text is to read at night. Sentences end at . ! ? : । ؟ ۔ and at line breaks.
struct Reading {
  int longest_sentence = 0;  ///< words
  int words = 0;
  int hard_words = 0;  ///< of twelve letters and more
};
Reading read_level(std::string_view text);

}  // namespace broadcaster::alert
