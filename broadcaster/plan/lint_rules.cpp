#include "broadcaster/plan/lint_rules.hpp"

#include <algorithm>

#include "broadcaster/alert/mark.hpp"
#include "broadcaster/alert/text_rules.hpp"
#include "broadcaster/plan/characters.hpp"
#include "broadcaster/plan/lint_corrections.hpp"
#include "broadcaster/plan/lint_endings.hpp"
#include "broadcaster/plan/measure/sms.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

using base::Text;
using Found = std::vector<Text>;

bool lacks(const LintedText& message, Element element) {
  return std::ranges::find(message.missing, element) != message.missing.end();
}

bool has_hole(const Pieces& pieces, HoleKind kind) {
  return std::ranges::any_of(pieces, [kind](const Piece& piece) {
    const auto* hole = std::get_if<Hole>(&piece);
    return hole && hole->kind == kind;
  });
}

// ---- what it means
// ----------------------------------------------------------------------------------------------------

Found element(const LintedText& message) {
  Found out;
  for (const auto missing : message.missing)
    out.push_back({"plan.element_missing", {{"element", base::Key{"plan.element_" + std::string(name(missing))}}}});
  return out;
}

Found evacuation_as_hazard(const LintedText& message) {
  if (!lacks(message, Element::hazard)) return {};
  const auto word = alert::evacuation_word(message.plain);
  return word ? Found{{"plan.evacuation_as_hazard", {{"word", *word}}}} : Found{};
}

Found your_area(const LintedText& message) {
  Found out;
  for (const std::string phrase : {"your area", "daerah anda", "wilayah anda"})
    if (lacks(message, Element::location) && says(message.plain, phrase))
      out.push_back({"plan.your_area", {{"phrase", phrase}}});
  return out;
}

/// What saves from a flood kills in a cloud of gas.
Found foreign_guidance(const LintedText& message) {
  for (const auto& foreign : message.context.foreign)
    if (says(message.plain, foreign.phrase))
      return {{"plan.foreign_guidance", {{"phrase", foreign.phrase}, {"hazard", foreign.hazard}}}};
  return {};
}

Found shelter_in_zone(const LintedText& message) {
  Found out;
  for (const auto& shelter : message.context.unsafe_shelters)
    if (says(message.plain, shelter)) out.push_back({"plan.shelter_in_zone", {{"shelter", shelter}}});
  return out;
}

// ---- live and drill
// ---------------------------------------------------------------------------------------------------

bool is_drill(const LintedText& message) { return message.context.mark == alert::Mark::required; }

Found mark_missing(const LintedText& message) {
  if (!is_drill(message) || bears(message.context.frame, message.whole)) return {};
  return {{"plan.mark_missing", {}}};
}

/// A sentence that denies the mark around it.
Found denies_drill(const LintedText& message) {
  if (!is_drill(message)) return {};
  const auto phrase = alert::denial_of_drill(message.plain);
  return phrase ? Found{{"plan.denies_drill", {{"phrase", *phrase}}}} : Found{};
}

Found mark_in_live(const LintedText& message) {
  if (is_drill(message)) return {};
  const auto& whole = message.whole;
  if (const auto mark = mark_in(*message.context.marks, whole)) return {{"plan.mark_in_live", {{"mark", *mark}}}};
  if (alert::begins_with_drill_mark(whole))
    return {{"plan.mark_in_live", {{"mark", whole.substr(0, whole.find(':') + 1)}}}};
  return {};
}

Found foreign_test(const LintedText& message) {
  if (is_drill(message) || !mark_in_live(message).empty()) return {};
  const auto token = alert::foreign_test_token(message.whole);
  return token ? Found{{"plan.foreign_test", {{"token", *token}}}} : Found{};
}

// ---- what the channel carries
// -----------------------------------------------------------------------------------------

Found characters(const LintedText& message) {
  const auto c = forbidden_in_text(message.whole);
  return c ? Found{{"plan.characters", {{"code", code_of(*c)}}}} : Found{};
}

Found mention(const LintedText& message) {
  if (message.context.measure != Measure::mastodon_characters) return {};
  const auto found = mention_in(message.whole);
  return found ? Found{{"plan.mention", {{"mention", *found}}}} : Found{};
}

/// The alphabet of SMS cannot write the language at all: no character is to blame, and its room was counted.
bool has_own_script(const LintContext& context) {
  return !context.hazards.empty() && !count_sms(context.hazards.front()).forced_ucs2.empty();
}

Found ucs2(const LintedText& message) {
  if (message.context.measure != Measure::sms_segments || has_own_script(message.context)) return {};
  std::string forced;
  for (const auto& character : count_sms(message.whole).forced_ucs2) forced += (forced.empty() ? "" : " ") + character;
  return forced.empty() ? Found{} : Found{{"plan.ucs2", {{"characters", forced}}}};
}

/// Of two parts one may come alone, or first the second.
Found sms_parts(const LintedText& message) {
  constexpr Priority threatens_life = 1;
  if (message.context.measure != Measure::sms_segments || message.context.priority > threatens_life) return {};
  const auto segments = count_sms(fill_longest(message.pieces)).segments;
  return segments > 1 ? Found{{"plan.sms_parts", {{"segments", std::int64_t{segments}}}}} : Found{};
}

// ---- how it is asked about and told from an older one
// -------------------------------------------------------------------

Found code_missing(const LintedText& message) {
  return has_hole(message.plain_pieces, HoleKind::code) ? Found{} : Found{{"plan.code_missing", {}}};
}

Found issued_missing(const LintedText& message) {
  return has_hole(message.plain_pieces, HoleKind::time_of_issue) ? Found{} : Found{{"plan.issued_missing", {}}};
}

Found zone_missing(const LintedText& message) {
  Found out;
  for (const auto& zone : zones_not_named(message.plain, message.context.zones))
    out.push_back({"plan.zone_missing", {{"zone", zone}}});
  return out;
}

using enum alert::LintSeverity;
using enum Heard;

/// In the order in which an officer wants to hear of them.
constexpr LintRule table[] = {
    {"element", error, text_alone, element},
    {"evacuation_as_hazard", error, text_alone, evacuation_as_hazard},
    {"your_area", error, text_alone, your_area},
    {"foreign_guidance", error, text_and_voice, foreign_guidance},
    {"shelter_in_zone", error, text_and_voice, shelter_in_zone},
    {"mark_missing", error, text_alone, mark_missing},
    {"denies_drill", error, text_and_voice, denies_drill},
    {"mark_in_live", error, text_and_voice, mark_in_live},
    {"correction_state", error, text_alone, correction_state},
    {"correction_repeats", error, text_and_voice, correction_repeats},
    {"correction_of_what", error, text_alone, correction_of_what},
    {"ending_stop", error, text_alone, ending_stop},
    {"ending_wait", error, text_alone, ending_wait},
    {"ending_contradicts", error, text_and_voice, ending_contradicts},
    {"characters", error, text_and_voice, characters},
    {"mention", error, text_alone, mention},
    {"foreign_test", warning, text_and_voice, foreign_test},
    {"ucs2", warning, text_alone, ucs2},
    {"sms_parts", warning, text_alone, sms_parts},
    {"code_missing", warning, text_alone, code_missing},
    {"issued_missing", warning, text_alone, issued_missing},
    {"zone_missing", warning, text_alone, zone_missing},
};

}  // namespace

std::span<const LintRule> lint_rules() { return table; }

}  // namespace broadcaster::plan
