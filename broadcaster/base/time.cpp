#include "broadcaster/base/time.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <charconv>
#include <optional>

namespace broadcaster::base {

Now SystemClock::now() const {
  static const auto start = std::chrono::steady_clock::now();
  return {std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()),
          MonoTime(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start))};
}

std::uint64_t SystemRandom::below(std::uint64_t bound) {
  // randombytes_uniform is 32 bits wide; anything larger takes 64 bits by rejection.
  if (bound <= 0xffffffffu) return randombytes_uniform(static_cast<std::uint32_t>(bound));
  const std::uint64_t limit = ~std::uint64_t{0} - ~std::uint64_t{0} % bound;
  std::uint64_t value;
  do randombytes_buf(&value, sizeof value);
  while (value >= limit);
  return value % bound;
}

namespace {

struct Fields {
  int year, month, day, hour, minute, second, millisecond;
};

Fields split(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto rest = (time - day).count();
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(rest / 3'600'000),
          static_cast<int>(rest / 60'000 % 60),
          static_cast<int>(rest / 1000 % 60),
          static_cast<int>(rest % 1000)};
}

/// Exactly `width` digits at `at`; moves on.
bool digits(const std::string& text, std::size_t& at, int width, int& out) {
  if (at + static_cast<std::size_t>(width) > text.size()) return false;
  const char* first = text.data() + at;
  const auto [end, error] = std::from_chars(first, first + width, out);
  if (error != std::errc{} || end != first + width || *first == '-') return false;
  at += static_cast<std::size_t>(width);
  return true;
}

bool literal(const std::string& text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

/// "YYYY-MM-DDThh:mm:ss"; moves `at` behind it.
std::optional<WallTime> date_time(const std::string& text, std::size_t& at) {
  int year, month, day, hour, minute, second;
  if (!digits(text, at, 4, year) || !literal(text, at, '-') || !digits(text, at, 2, month) || !literal(text, at, '-') ||
      !digits(text, at, 2, day) || !literal(text, at, 'T') || !digits(text, at, 2, hour) || !literal(text, at, ':') ||
      !digits(text, at, 2, minute) || !literal(text, at, ':') || !digits(text, at, 2, second))
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         seconds(second);
}

std::unexpected<Error> bad_time(const std::string& text) {
  return fail(ErrorKind::bad_input, {"base.bad_time", {{"found", text}}});
}

}  // namespace

std::string format_cap_time(WallTime time) {
  const auto f = split(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}-00:00", f.year, f.month, f.day, f.hour, f.minute, f.second);
}

Result<WallTime> parse_cap_time(const std::string& text) {
  std::size_t at = 0;
  const auto local = date_time(text, at);
  if (!local || at >= text.size()) return bad_time(text);
  const char sign = text[at++];
  int hours, minutes;
  if ((sign != '+' && sign != '-') || !digits(text, at, 2, hours) || !literal(text, at, ':') ||
      !digits(text, at, 2, minutes) || at != text.size() || hours > 14 || minutes > 59)
    return bad_time(text);
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return sign == '+' ? *local - offset : *local + offset;
}

std::string format_utc(WallTime time) {
  const auto f = split(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", f.year, f.month, f.day, f.hour, f.minute, f.second,
                     f.millisecond);
}

Result<WallTime> parse_utc(const std::string& text) {
  std::size_t at = 0;
  const auto whole = date_time(text, at);
  int milli = 0;
  if (!whole || !literal(text, at, '.') || !digits(text, at, 3, milli) || !literal(text, at, 'Z') || at != text.size())
    return bad_time(text);
  return *whole + milliseconds(milli);
}

}  // namespace broadcaster::base
