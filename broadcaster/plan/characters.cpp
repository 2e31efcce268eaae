#include "broadcaster/plan/characters.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <vector>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::plan {
namespace {

constexpr char32_t zwnj = 0x200c, zwj = 0x200d, lrm = 0x200e, rlm = 0x200f, alm = 0x061c;

/// Scripts whose words change by a joiner (The Unicode Standard, chapters 9, 12, 13, 16 and 17).
constexpr UScriptCode joining[] = {
    USCRIPT_ARABIC, USCRIPT_SYRIAC,  USCRIPT_DEVANAGARI, USCRIPT_BENGALI,  USCRIPT_GURMUKHI,  USCRIPT_GUJARATI,
    USCRIPT_ORIYA,  USCRIPT_TAMIL,   USCRIPT_TELUGU,     USCRIPT_KANNADA,  USCRIPT_MALAYALAM, USCRIPT_SINHALA,
    USCRIPT_KHMER,  USCRIPT_MYANMAR, USCRIPT_BALINESE,   USCRIPT_JAVANESE, USCRIPT_SUNDANESE};

std::vector<char32_t> characters(std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  std::vector<char32_t> out;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1))
    out.push_back(static_cast<char32_t>(wide.char32At(i)));
  return out;
}

UChar32 code(char32_t c) { return static_cast<UChar32>(c); }

UScriptCode script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(code(c), &status);
}

bool of_a_word(char32_t c) { return u_isalpha(code(c)) || (U_GET_GC_MASK(code(c)) & U_GC_M_MASK) != 0; }

/// Between two letters, or their signs, of one joining script; a sign that several scripts share goes with any.
bool joins(const std::vector<char32_t>& text, std::size_t at) {
  if (at == 0 || at + 1 >= text.size()) return false;
  const auto before = text[at - 1], after = text[at + 1];
  const auto script = script_of(after);
  return of_a_word(before) && of_a_word(after) && std::ranges::find(joining, script) != std::end(joining) &&
         (script_of(before) == script || script_of(before) == USCRIPT_INHERITED);
}

bool written_from_the_right(char32_t c) {
  const auto direction = u_charDirection(code(c));
  return (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) && u_isalpha(code(c));
}

bool is_visible(char32_t c) {
  constexpr auto never = U_GC_CC_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_CS_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  if ((U_GET_GC_MASK(code(c)) & never) != 0) return false;
  const bool annotation = c >= 0xfff9 && c <= 0xfffb;
  const bool bidi = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool blank_braille = c == 0x2800;
  return !annotation && !bidi && !blank_braille && c != 0xfffd &&
         !u_hasBinaryProperty(code(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::optional<char32_t> forbidden_in_line(std::string_view line) {
  if (!base::valid_utf8(line)) return char32_t{0xfffd};
  const auto text = characters(line);
  const bool has_right = std::ranges::any_of(text, written_from_the_right);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    const bool joiner = c == zwnj || c == zwj;
    const bool direction = c == lrm || c == rlm || c == alm;
    const bool fine = joiner ? joins(text, i) : direction ? has_right : is_visible(c);
    if (!fine) return c;
  }
  return std::nullopt;
}

std::optional<char32_t> forbidden_in_text(std::string_view text) {
  for (;;) {
    const auto end = text.find('\n');
    if (const auto found = forbidden_in_line(text.substr(0, end))) return found;
    if (end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end + 1);
  }
}

std::string code_of(char32_t character) { return fmt::format("U+{:04X}", static_cast<std::uint32_t>(character)); }

std::optional<std::string> mention_in(std::string_view text) {
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const auto name = text.substr(at + 1);
    const auto letters = std::ranges::find_if_not(name, is_word_byte) - name.begin();
    if (letters == 0) continue;
    const auto before = characters(text.substr(0, at));
    const auto last = before.empty() ? U' ' : before.back();
    if (last == U'/' || last == U'=' || last == U'_' || u_isalnum(code(last)) || of_a_word(last)) continue;
    return std::string(text.substr(at, static_cast<std::size_t>(letters) + 1));
  }
  return std::nullopt;
}

}  // namespace broadcaster::plan
