#include "broadcaster/base/unicode.hpp"

#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace broadcaster::base {
namespace {

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

void must(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) throw std::runtime_error(std::string(what) + ": " + u_errorName(status));
}

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Bytes of the sequence at the front of `text`, which is not empty; 0 when it is not valid.
std::size_t sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  // Only the second byte has a narrower range: overlong forms, surrogates, above U+10FFFF.
  const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (at(1) < low || at(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (at(i) < 0x80 || at(i) > 0xbf) return 0;
  return length;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
  std::size_t good = 0;
  while (good < text.size()) {
    const auto length = sequence(text.substr(good));
    if (length == 0) break;
    good += length;
  }
  return good;
}

bool valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

std::string nfc(std::string_view text) {
  if (ascii(text)) return std::string(text);
  if (!valid_utf8(text)) throw std::logic_error("nfc: not valid UTF-8");
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFCInstance(status);
  must(status, "normal form C");
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
  normalizer->normalizeUTF8(0, piece(text), sink, nullptr, status);
  must(status, "normal form C");
  return out;
}

std::size_t graphemes(std::string_view text) {
  // Making one takes longer than using it.
  thread_local const std::unique_ptr<icu::BreakIterator> iterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
    must(status, "character boundaries");
    return made;
  }();
  const auto wide = icu::UnicodeString::fromUTF8(piece(text));
  iterator->setText(wide);
  std::size_t count = 0;
  for (iterator->first(); iterator->next() != icu::BreakIterator::DONE;) ++count;
  return count;
}

std::size_t utf16_units(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) count += byte >= 0xf0 ? 2 : 1;
  }
  return count;
}

LetterCases letter_cases(std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  LetterCases out;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    if (u_islower(wide.char32At(i))) ++out.small;
    if (u_isupper(wide.char32At(i))) ++out.capital;
  }
  return out;
}

namespace {

bool in(UChar32 c, UChar32 first, UChar32 last) { return c >= first && c <= last; }
bool is_control(UChar32 c) { return (c < 0x20 && c != '\n' && c != '\t') || in(c, 0x7f, 0x9f); }
bool turns_text(UChar32 c) { return in(c, 0x202a, 0x202e); }
bool isolates_text(UChar32 c) { return in(c, 0x2066, 0x2069); }
bool is_hidden(UChar32 c) { return is_control(c) || turns_text(c) || isolates_text(c); }

/// Each character of valid UTF-8 with the place of its first byte.
template <class Take>
void each_character(std::string_view text, Take take) {
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0, at = 0; i < size; at = i) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), i, size, c);
    if (!take(c, static_cast<std::size_t>(at), static_cast<std::size_t>(i - at))) return;
  }
}

}  // namespace

std::optional<std::size_t> hidden_character(std::string_view text) {
  std::optional<std::size_t> found;
  each_character(text, [&](UChar32 c, std::size_t at, std::size_t) {
    if (is_hidden(c)) found = at;
    return !found;
  });
  return found;
}

std::string without_hidden_characters(std::string_view text) {
  std::string out;
  each_character(text, [&](UChar32 c, std::size_t at, std::size_t length) {
    if (!is_hidden(c)) out += text.substr(at, length);
    return true;
  });
  return out;
}

std::string shown_plainly(std::string_view text) {
  std::string out;
  each_character(text, [&](UChar32 c, std::size_t at, std::size_t length) {
    out += is_control(c) || turns_text(c) || c == 0xfffd ? std::string_view("\xef\xbf\xbd") : text.substr(at, length);
    return true;
  });
  return out;
}

std::string isolated(std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const auto direction = u_charDirection(wide.char32At(i));
    if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
      return "\xe2\x81\xa8" + std::string(text) + "\xe2\x81\xa9";
  }
  return std::string(text);
}

}  // namespace broadcaster::base
