// Values as the world writes them: times, positions and texts that are not what CAP says and can still be read for
// certain. What would be a guess (a time without its zone, a latitude of 120) is not read. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert::cap {

enum class Care { as_written, repaired };

template <class T>
struct Lenient {
  T value{};
  Care care = Care::as_written;
};

/// CAP §3.3.2; besides: Z, UTC, parts of a second, "+0700", "+7:00", no seconds, "/" in the date, one-digit months,
/// a space for T, AM/PM, 上午/下午. Nothing: no offset, or no time.
std::optional<Lenient<base::WallTime>> lenient_time(std::string_view text);

/// CAP §3.2.4: "lat,lon lat,lon …". Besides: parentheses, brackets, semicolons, white space around commas, an open
/// ring (is closed), longitudes beyond ±180 (are turned by 360). Nothing: fewer than three corners, a latitude beyond
/// ±90, other characters, corners of three numbers (with a height, or of another kind).
std::optional<Lenient<Polygon>> lenient_polygon(std::string_view text);
/// "lat,lon radius", likewise. Nothing: not three numbers, or a negative radius.
std::optional<Lenient<Circle>> lenient_circle(std::string_view text);

/// Plain text: white space around it is no part of it (and that is no repair). Repaired: entities that stood escaped
/// twice ("&amp;lt;"), HTML tags ("<br>" and "</p>" become line ends). A "<" that opens no tag of HTML stays.
Lenient<std::string> lenient_text(std::string_view text);

}  // namespace broadcaster::alert::cap
