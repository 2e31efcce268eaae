#include "broadcaster/cli/moment.hpp"

#include <algorithm>
#include <charconv>

#include "broadcaster/base/yaml.hpp"
#include "broadcaster/cli/ask.hpp"
#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::cli {
namespace {

constexpr auto farthest = std::chrono::hours(48);

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || at != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// Minutes since midnight.
std::optional<std::chrono::minutes> clock_time(std::string_view text) {
  const auto mark = text.find_first_of(":.");
  if (mark == std::string_view::npos) return std::nullopt;
  const auto hours = whole(text.substr(0, mark)), minutes = whole(text.substr(mark + 1));
  if (!hours || !minutes || *hours > 23 || *minutes > 59 || text.size() - mark != 3) return std::nullopt;
  return std::chrono::minutes(*hours * 60 + *minutes);
}

/// "25 menit", "1 jam": as people say it.
std::optional<std::chrono::minutes> spoken(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  const auto number = whole(text.substr(0, digits));
  const auto word = text.find_first_not_of(' ', digits);
  if (!number || word == std::string_view::npos || *number > farthest / std::chrono::minutes(1)) return std::nullopt;
  const auto unit = std::string(text.substr(word));
  const auto is = [&](std::initializer_list<const char*> words) {
    return std::ranges::any_of(words, [&](const char* one) { return same_words(unit, one); });
  };
  if (is({"menit", "mnt", "minute", "minutes", "min"})) return std::chrono::minutes(*number);
  if (is({"jam", "hour", "hours"})) return std::chrono::hours(*number);
  return std::nullopt;
}

}  // namespace

std::optional<base::WallTime> read_moment(const std::string& text, base::WallTime now, const std::string& time_zone) {
  if (const auto clock = clock_time(text)) {
    const auto offset = plan::utc_offset(time_zone, now);
    const auto midnight = std::chrono::floor<std::chrono::days>(now + offset);
    auto at = base::WallTime(midnight.time_since_epoch()) + *clock - offset;
    if (at <= now) at += std::chrono::days(1);
    return at;
  }
  std::optional<std::chrono::seconds> wait;
  if (const auto minutes = whole(text))
    wait = std::chrono::minutes(*minutes);
  else if (const auto said = spoken(text))
    wait = *said;
  else
    wait = base::parse_duration(text);
  if (!wait || *wait <= std::chrono::seconds(0) || *wait > farthest) return std::nullopt;
  return now + *wait;
}

}  // namespace broadcaster::cli
