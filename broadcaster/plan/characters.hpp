// What a text may not carry: what no reader sees, and what calls strangers.
//
// Refused, never silently taken out, for whoever typed it must see what was meant:
//   controls            C0, DEL and C1; a line break where one line is meant; U+2028, U+2029
//   hidden order        U+202A to U+202E, U+2066 to U+2069: they show a text in another order than it is read
//   hidden characters   everything of no width (Unicode Default_Ignorable_Code_Point), annotations, tags, fillers
//   no characters       private use, unassigned, U+FFFD
// Let through, where the language needs it and nowhere else:
//   ZWNJ, ZWJ           between two letters of one script that joins (Arabic and Persian, the scripts of India …)
//   LRM, RLM, ALM       in a text that has letters written from right to left
// Thread rule: pure, but for ICU's data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::plan {

/// The first character that a line may not carry; U+FFFD for what is not UTF-8. Nothing when it may carry all.
std::optional<char32_t> forbidden_in_line(std::string_view line);
/// The same for a text of several lines.
std::optional<char32_t> forbidden_in_text(std::string_view text);

/// As people write it: "U+202E".
std::string code_of(char32_t character);

/// "@name", where no letter, digit, "/" or "=" stands before it: Mastodon would call whoever has that name
/// (app/models/account.rb, MENTION_RE). "info@bpbd.example" calls nobody.
std::optional<std::string> mention_in(std::string_view text);

}  // namespace broadcaster::plan
