// Text as Unicode sees it: validity, normal form C, and the three ways to count (ICU).
// Thread rule: any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::base {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool valid_utf8(std::string_view text);

/// Bytes of the longest valid beginning: where to point when valid_utf8() says no.
std::size_t valid_utf8_prefix(std::string_view text);

/// Normal form C. `text` must be valid UTF-8; anything else throws std::logic_error.
std::string nfc(std::string_view text);

/// What a reader counts as one character: extended grapheme clusters (UAX #29).
std::size_t graphemes(std::string_view text);

/// Code units of UTF-16, as several platforms and UCS-2 SMS count. `text` must be valid UTF-8.
std::size_t utf16_units(std::string_view text);

/// Letters of a script that has both.
struct LetterCases {
  std::size_t small = 0;
  std::size_t capital = 0;
};
LetterCases letter_cases(std::string_view text);

/// Where the first character stands that changes how what follows is shown, or hides it: C0 (but line end and tab),
/// DEL, C1, and what turns the direction of all that follows (U+202A to U+202E, U+2066 to U+2069). What a script needs
/// inside a word (U+200C to U+200F) is none. nullopt: there is none. `text` must be valid UTF-8.
std::optional<std::size_t> hidden_character(std::string_view text);
std::string without_hidden_characters(std::string_view text);

/// For a screen: U+FFFD in the place of each, but for the isolates that isolated() has put in.
std::string shown_plainly(std::string_view text);

/// The text, kept apart from what stands around it (U+2068 … U+2069, UAX #9) when it holds letters that are written
/// from right to left; else as it is. For screens alone: no message has these characters.
std::string isolated(std::string_view text);

}  // namespace broadcaster::base
