#include "broadcaster/plan/lint_corrections.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace broadcaster::plan {
namespace {

bool is_correction(const LintedText& message) { return !message.context.taken_back.empty(); }

bool is_ending(const LintedText& message) {
  return message.context.speech == Speech::all_clear || message.context.speech == Speech::not_yet;
}

icu::UnicodeString folded(const std::string& text) { return icu::UnicodeString::fromUTF8(text).foldCase(); }

/// The text up to the first of the words that say the state; all of it when none does.
icu::UnicodeString before_state(const LintedText& message) {
  auto text = folded(message.plain);
  auto end = text.length();
  for (const auto& word : message.context.hazards)
    if (const auto at = text.indexOf(folded(word)); at >= 0) end = std::min(end, at);
  text.truncate(end);
  return text;
}

}  // namespace

std::vector<base::Text> correction_state(const LintedText& message) {
  if (!is_correction(message)) return {};
  auto head = before_state(message);
  auto known = message.context.sources;
  known.push_back(message.context.time_name);
  // The longer name first: it may hold the shorter one.
  std::ranges::sort(known, std::greater(), &std::string::size);
  for (const auto& name : known)
    if (!name.empty()) head.findAndReplace(folded(name), u" ");
  for (std::int32_t i = 0; i < head.length(); i = head.moveIndex32(i, 1))
    if (u_isalpha(head.char32At(i))) return {{"plan.correction_state", {}}};
  return {};
}

std::vector<base::Text> correction_repeats(const LintedText& message) {
  if (!is_correction(message)) return {};
  for (const auto& phrase : message.context.taken_back)
    if (says(message.plain, phrase)) return {{"plan.correction_repeats", {{"phrase", phrase}}}};
  return {};
}

std::vector<base::Text> correction_of_what(const LintedText& message) {
  // An all-clear is about the danger, not about a message.
  if (!is_correction(message) || is_ending(message)) return {};
  const bool named = std::ranges::any_of(message.plain_pieces, [](const Piece& piece) {
    const auto* hole = std::get_if<Hole>(&piece);
    return hole && (hole->kind == HoleKind::original_code || hole->kind == HoleKind::original_time_of_issue);
  });
  return named ? std::vector<base::Text>{} : std::vector<base::Text>{{"plan.correction_of_what", {}}};
}

}  // namespace broadcaster::plan
