#include "broadcaster/plan/lint.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "broadcaster/alert/mark.hpp"
#include "broadcaster/plan/characters.hpp"
#include "broadcaster/plan/measure/sms.hpp"
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

namespace {

void check_mark(const std::string& plain, const std::string& whole, const LintContext& context, Lint& out) {
  if (context.mark == alert::Mark::required) {
    if (!bears(context.frame, whole)) out.errors.push_back({"mark_missing", {"plan.mark_missing", {}}});
    // A sentence that denies the mark around it.
    for (const std::string phrase : {"not a drill", "not an exercise", "bukan latihan", "bukan simulasi"})
      if (says(plain, phrase)) out.errors.push_back({"denies_drill", {"plan.denies_drill", {{"phrase", phrase}}}});
    return;
  }
  if (const auto mark = mark_in(*context.marks, whole))
    out.errors.push_back({"mark_in_live", {"plan.mark_in_live", {{"mark", *mark}}}});
  else if (alert::begins_with_drill_mark(whole))
    out.errors.push_back({"mark_in_live", {"plan.mark_in_live", {{"mark", whole.substr(0, whole.find(':') + 1)}}}});
  if (const auto token = alert::foreign_test_token(whole))
    out.warnings.push_back({"foreign_test", {"plan.foreign_test", {{"token", *token}}}});
}

bool all_capitals(const std::string& text) {
  constexpr int enough_letters = 20;
  const auto wide = icu::UnicodeString::fromUTF8(text);
  int capitals = 0;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const auto c = wide.char32At(i);
    if (u_islower(c)) return false;
    if (u_isupper(c)) ++capitals;
  }
  return capitals >= enough_letters;
}

/// Links: people look for them at the end, and a phone without https warns of danger at the wrong moment.
void check_links(const std::string& text, Lint& out) {
  const auto http = text.find("http://");
  if (http != std::string::npos) out.warnings.push_back({"link_plain", {"plan.link_plain", {}}});
  const auto at = std::min(http, text.find("https://"));
  if (at != std::string::npos && text.find_first_of(" \n", at) != std::string::npos)
    out.warnings.push_back({"link_not_last", {"plan.link_not_last", {}}});
}

void check_characters(const std::string& text, const LintContext& context, Lint& out) {
  if (const auto c = forbidden_in_text(text))
    out.errors.push_back({"characters", {"plan.characters", {{"code", code_of(*c)}}}});
  if (context.measure == Measure::mastodon_characters)
    if (const auto mention = mention_in(text))
      out.errors.push_back({"mention", {"plan.mention", {{"mention", *mention}}}});
  if (context.measure != Measure::sms_segments) return;
  std::string forced;
  for (const auto& character : count_sms(text).forced_ucs2) forced += (forced.empty() ? "" : " ") + character;
  if (!forced.empty()) out.warnings.push_back({"ucs2", {"plan.ucs2", {{"characters", forced}}}});
}

/// By its code a text can be asked about, and by its time of issue an older one is known for older.
void check_tokens(const Pieces& plain, const std::string& text, const LintContext& context, Lint& out) {
  if (!has_hole(plain, HoleKind::code)) out.warnings.push_back({"code_missing", {"plan.code_missing", {}}});
  if (!has_hole(plain, HoleKind::time_of_issue))
    out.warnings.push_back({"issued_missing", {"plan.issued_missing", {}}});
  for (const auto& zone : zones_not_named(text, context.zones))
    out.warnings.push_back({"zone_missing", {"plan.zone_missing", {{"zone", zone}}}});
}

/// Of two parts one may come alone, or first the second.
void check_segments(const Pieces& pieces, const LintContext& context, Lint& out) {
  constexpr Priority threatens_life = 1;
  if (context.measure != Measure::sms_segments || context.priority > threatens_life) return;
  const auto segments = count_sms(fill_longest(pieces)).segments;
  if (segments > 1) out.warnings.push_back({"sms_parts", {"plan.sms_parts", {{"segments", std::int64_t{segments}}}}});
}

}  // namespace

bool says(const std::string& text, const std::string& word) {
  return !word.empty() && folded(text).indexOf(folded(word)) >= 0;
}

Lint lint(const Pieces& plain, const Pieces& pieces, const LintContext& context) {
  Lint out;
  const auto text = fill(plain, sample);
  const auto whole = fill(pieces, sample);
  out.missing = missing_elements(plain, context);
  for (const auto element : out.missing)
    out.errors.push_back(
        {"element", {"plan.element_missing", {{"element", base::Key{"plan.element_" + std::string(name(element))}}}}});
  check_mark(text, whole, context, out);
  const bool nowhere = std::ranges::find(out.missing, Element::location) != out.missing.end();
  for (const std::string phrase : {"your area", "daerah anda", "wilayah anda"})
    if (nowhere && says(text, phrase)) out.errors.push_back({"your_area", {"plan.your_area", {{"phrase", phrase}}}});
  if (all_capitals(text)) out.warnings.push_back({"all_capitals", {"plan.all_capitals", {}}});
  check_links(text, out);
  check_characters(whole, context, out);
  check_tokens(plain, text, context, out);
  check_segments(pieces, context, out);
  return out;
}

}  // namespace broadcaster::plan
