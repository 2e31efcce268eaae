#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels {
namespace {

using base::milliseconds;
using base::WallTime;

constexpr milliseconds longest = std::chrono::hours(1);
/// 1973 in epoch seconds; nobody asks us to wait three years.
constexpr double first_epoch = 1e8;
/// Epoch in milliseconds begins where epoch seconds reach the year 5138.
constexpr double first_epoch_ms = 1e11;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<WallTime> moment(int year, int month, int day, int hour, int minute, int second, int ms) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + milliseconds(ms);
}

int month_of(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<int>(i) + 1;
  return 0;
}

/// "2026-11-24T02:15:00.123Z", with or without a fraction, Z or ±hh:mm.
std::optional<WallTime> iso_8601(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                  &used) != 6)
    return std::nullopt;
  std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(used));
  int ms = 0;
  if (rest.starts_with('.')) {
    const auto end = rest.find_first_not_of("0123456789", 1);
    const auto fraction = number("0" + std::string(rest.substr(0, end)));
    if (!fraction) return std::nullopt;
    ms = static_cast<int>(*fraction * 1000);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  const auto at = moment(year, month, day, hour, minute, second, ms);
  if (!at) return std::nullopt;
  if (rest == "Z" || rest == "z" || rest == "UTC" || rest == " UTC") return at;
  int hours = 0, minutes = 0;
  char sign = 0;
  if (std::sscanf(std::string(rest).c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3) return std::nullopt;
  if ((sign != '+' && sign != '-') || hours < 0 || minutes < 0) return std::nullopt;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return sign == '+' ? *at - offset : *at + offset;
}

/// RFC 9110 §5.6.7: "Tue, 24 Nov 2026 02:15:00 GMT" and the two obsolete forms that a recipient must accept.
std::optional<WallTime> http_date(const std::string& text) {
  char name[4] = {};
  int year = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT", &day, name, &year, &hour, &minute,
                  &second) == 6)
    return moment(year, month_of(name), day, hour, minute, second, 0);
  if (std::sscanf(text.c_str(), "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT", &day, name, &year, &hour, &minute,
                  &second) == 6)
    return moment(2000 + year, month_of(name), day, hour, minute, second, 0);
  if (std::sscanf(text.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d", name, &day, &hour, &minute, &second,
                  &year) == 6)
    return moment(year, month_of(name), day, hour, minute, second, 0);
  return std::nullopt;
}

std::optional<milliseconds> wait(std::string_view value, WallTime now) {
  const std::string text(trimmed(value));
  if (const auto n = number(text)) {
    if (*n <= 0) return milliseconds(0);
    if (*n < first_epoch) return milliseconds(static_cast<std::int64_t>(std::ceil(*n * 1000)));
    const double epoch_ms = *n < first_epoch_ms ? *n * 1000 : *n;
    if (epoch_ms > 1e15) return longest;
    return WallTime(milliseconds(static_cast<std::int64_t>(std::ceil(epoch_ms)))) - now;
  }
  if (const auto at = iso_8601(text)) return *at - now;
  if (const auto at = http_date(text)) return *at - now;
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> retry_after(const net::HttpAnswer& answer, WallTime now) {
  // In this order: Retry-After speaks of this very request, the others of a window.
  for (const std::string_view name : {"Retry-After", "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"}) {
    const std::string* value = answer.header(name);
    if (value == nullptr) continue;
    if (const auto found = wait(*value, now)) return std::clamp(*found, milliseconds(0), longest);
  }
  return std::nullopt;
}

}  // namespace broadcaster::channels
