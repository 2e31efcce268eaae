#include "broadcaster/plan/pattern.hpp"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>

namespace broadcaster::plan {
namespace {

using Kind = SlotName::Kind;

icu::UnicodeString wide(const std::string& text) { return icu::UnicodeString::fromUTF8(text); }

/// One argument as the pattern uses it.
struct Use {
  enum class How { plain, plural, select, formatted, numbered };
  std::string name;
  How how;
};

Use::How how(UMessagePatternArgType type) {
  if (type == UMSGPAT_ARG_TYPE_NONE) return Use::How::plain;
  if (type == UMSGPAT_ARG_TYPE_PLURAL || type == UMSGPAT_ARG_TYPE_SELECTORDINAL) return Use::How::plural;
  if (type == UMSGPAT_ARG_TYPE_SELECT) return Use::How::select;
  return Use::How::formatted;
}

/// Nothing when the pattern does not parse.
std::optional<std::vector<Use>> uses_in(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  icu::MessagePattern pattern(UMSGPAT_APOS_DOUBLE_OPTIONAL, status);
  pattern.parse(wide(text), nullptr, status);
  if (U_FAILURE(status)) return std::nullopt;
  std::vector<Use> uses;
  auto type = UMSGPAT_ARG_TYPE_NONE;
  for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
    const auto& part = pattern.getPart(i);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) type = part.getArgType();
    const bool numbered = part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER;
    if (!numbered && part.getType() != UMSGPAT_PART_TYPE_ARG_NAME) continue;
    Use use{{}, numbered ? Use::How::numbered : how(type)};
    pattern.getSubstring(part).toUTF8String(use.name);
    uses.push_back(std::move(use));
  }
  return uses;
}

bool apostrophe_beside_brace(std::string_view text) {
  for (const std::string_view pair : {"'{", "'}", "{'", "}'"})
    if (text.find(pair) != std::string_view::npos) return true;
  return false;
}

/// ICU takes a closing brace too many for a letter.
bool balanced(std::string_view text) { return std::ranges::count(text, '{') == std::ranges::count(text, '}'); }

std::optional<base::Text> check_use(const Use& use, std::span<const SlotName> known) {
  if (use.how == Use::How::numbered) return base::Text{"plan.pattern_numbered", {{"name", use.name}}};
  const auto found = std::ranges::find(known, use.name, &SlotName::name);
  if (found == known.end()) {
    std::string names;
    for (const auto& slot : known) names += (names.empty() ? "" : ", ") + slot.name;
    return base::Text{"plan.pattern_unknown_slot", {{"name", use.name}, {"known", names}}};
  }
  const base::Text kind{"plan.pattern_slot_kind", {{"name", use.name}}};
  switch (use.how) {
    case Use::How::plain:
      return std::nullopt;
    case Use::How::plural:
      return found->kind == Kind::number ? std::nullopt : std::optional(kind);
    case Use::How::select:
      return found->kind == Kind::text ? std::nullopt : std::optional(kind);
    case Use::How::formatted:
    case Use::How::numbered:
      return base::Text{"plan.pattern_formatted", {{"name", use.name}}};
  }
  return std::nullopt;
}

std::unexpected<base::Error> fail(base::Text text) { return base::fail(base::ErrorKind::bad_input, std::move(text)); }

}  // namespace

std::vector<std::string> names_in(const std::string& pattern) {
  std::vector<std::string> names;
  for (const auto& use : uses_in(pattern).value_or(std::vector<Use>{}))
    if (std::ranges::find(names, use.name) == names.end()) names.push_back(use.name);
  return names;
}

std::optional<base::Text> check_pattern(const std::string& pattern, std::span<const SlotName> known) {
  if (apostrophe_beside_brace(pattern)) return base::Text{"plan.pattern_apostrophe", {}};
  const auto uses = uses_in(pattern);
  if (!uses || !balanced(pattern)) return base::Text{"plan.pattern_syntax", {}};
  for (const auto& use : *uses)
    if (auto wrong = check_use(use, known)) return wrong;
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(wide(pattern), icu::Locale::getRoot(), status);
  if (U_FAILURE(status)) return base::Text{"plan.pattern_syntax", {}};
  return std::nullopt;
}

base::Result<std::string> format_pattern(const std::string& pattern, const alert::Language& language,
                                         const Values& values) {
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> arguments;
  for (const auto& name : names_in(pattern)) {
    const auto value = values.find(name);
    const auto* text = value == values.end() ? nullptr : std::get_if<std::string>(&value->second);
    if (value == values.end() || (text && text->empty())) return fail({"plan.slot_empty", {{"name", name}}});
    names.push_back(wide(name));
    arguments.push_back(text ? icu::Formattable(wide(*text)) : icu::Formattable(std::get<std::int64_t>(value->second)));
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::MessageFormat format(wide(pattern), icu::Locale::createFromName(language.value.c_str()), status);
  icu::UnicodeString out;
  if (U_SUCCESS(status))
    format.format(names.data(), arguments.data(), static_cast<std::int32_t>(names.size()), out, status);
  if (U_FAILURE(status)) return fail({"plan.pattern_failed", {{"reason", std::string(u_errorName(status))}}});
  std::string text;
  out.toUTF8String(text);
  if (text.empty()) return fail({"plan.text_empty", {}});
  if (text.find_first_of("{}") != std::string::npos) return fail({"plan.text_brace", {}});
  return text;
}

}  // namespace broadcaster::plan
