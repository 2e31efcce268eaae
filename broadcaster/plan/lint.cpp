#include "broadcaster/plan/lint.hpp"

#include <unicode/unistr.h>

#include <algorithm>

#include "broadcaster/alert/text_rules.hpp"
#include "broadcaster/plan/lint_endings.hpp"
#include "broadcaster/plan/lint_rules.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

/// For reading a text as people will: holes filled with something of their kind.
const Filling sample{.identifier = "id",
                     .code = "X1",
                     .time_of_issue = {},
                     .references = {},
                     .original_code = "X0",
                     .original_time_of_issue = {}};

icu::UnicodeString folded(const std::string& text) { return icu::UnicodeString::fromUTF8(text).foldCase(); }

bool says_any(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [&](const std::string& word) { return says(text, word); });
}

bool has_hole(const Pieces& pieces, HoleKind kind) {
  return std::ranges::any_of(pieces, [kind](const Piece& piece) {
    const auto* hole = std::get_if<Hole>(&piece);
    return hole && hole->kind == kind;
  });
}

}  // namespace

std::vector<Element> missing_elements(const Pieces& plain, const LintContext& context) {
  const auto text = fill(plain, sample);
  std::vector<Element> missing;
  if (!says_any(text, context.sources)) missing.push_back(Element::source);
  if (!says_any(text, context.hazards)) missing.push_back(Element::hazard);
  if (!says_any(text, context.places)) missing.push_back(Element::location);
  if (!has_hole(plain, HoleKind::time_of_issue) && !says_any(text, context.times)) missing.push_back(Element::time);
  if (!says_any(text, context.guidance)) missing.push_back(Element::guidance);
  return missing;
}

bool says(const std::string& text, const std::string& word) {
  return !word.empty() && folded(text).indexOf(folded(word)) >= 0;
}

namespace {

void keep(Lint& out, alert::LintSeverity severity, std::string_view rule, base::Text text) {
  switch (severity) {
    case alert::LintSeverity::error:
      out.errors.push_back({std::string(rule), std::move(text)});
      break;
    case alert::LintSeverity::warning:
      out.warnings.push_back({std::string(rule), std::move(text)});
      break;
  }
}

/// The names of zones are as long as they are; what is hard to read is the rest.
std::string with_short_places(std::string text, const LintContext& context) {
  auto names = context.places;
  std::ranges::sort(names, std::greater(), &std::string::size);
  for (const auto& name : names)
    for (auto at = name.empty() ? std::string::npos : text.find(name); at != std::string::npos;
         at = text.find(name, at))
      text.erase(at, name.size());
  return text;
}

void look_at_text(const std::string& plain, const LintContext& context, Lint& out) {
  const auto text = with_short_places(plain, context);
  for (const auto& rule : alert::text_rules())
    if (auto found = rule.look(text)) keep(out, rule.severity, rule.id, std::move(*found));
}

void voice_says_enough(const LintedText& voice, Lint& out) {
  switch (voice.context.mark) {
    case alert::Mark::required:
      return;  // an exercise’s voice orders nothing
    case alert::Mark::forbidden:
      break;
  }
  for (const auto element : voice.missing)
    if (element == Element::guidance || element == Element::source)
      out.errors.push_back(
          {"voice_element",
           {"plan.voice_element", {{"element", base::Key{"plan.element_" + std::string(name(element))}}}}});
  for (auto& found : ending_stop(voice)) out.errors.push_back({"ending_stop", std::move(found)});
}

}  // namespace

Lint lint(const Pieces& plain, const Pieces& pieces, const LintContext& context) {
  const LintedText message{
      fill(plain, sample), fill(pieces, sample), plain, pieces, context, missing_elements(plain, context)};
  Lint out;
  out.missing = message.missing;
  for (const auto& rule : lint_rules())
    for (auto& found : rule.look(message)) keep(out, rule.severity, rule.id, std::move(found));
  look_at_text(message.plain, context, out);
  return out;
}

void add(Lint& found, const Lint& more) {
  const auto add_to = [](std::vector<Remark>& list, const std::vector<Remark>& others) {
    for (const auto& other : others)
      if (std::ranges::find(list, other.rule, &Remark::rule) == list.end()) list.push_back(other);
  };
  add_to(found.errors, more.errors);
  add_to(found.warnings, more.warnings);
  for (const auto element : more.missing)
    if (std::ranges::find(found.missing, element) == found.missing.end()) found.missing.push_back(element);
}

Lint lint_voice(const std::string& voice, const LintContext& context) {
  const Pieces pieces{voice};
  const LintedText message{voice, voice, pieces, pieces, context, missing_elements(pieces, context)};
  Lint out;
  out.missing = message.missing;
  voice_says_enough(message, out);
  for (const auto& rule : lint_rules()) {
    switch (rule.heard) {
      case Heard::text_alone:
        continue;
      case Heard::text_and_voice:
        break;
    }
    for (auto& found : rule.look(message)) keep(out, rule.severity, rule.id, std::move(found));
  }
  look_at_text(voice, context, out);
  if (std::ranges::any_of(voice, [](char c) { return c >= '0' && c <= '9'; }))
    out.warnings.push_back({"voice_number", {"plan.voice_number", {}}});
  return out;
}

}  // namespace broadcaster::plan
