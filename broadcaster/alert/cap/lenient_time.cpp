// Times as the world writes them (lenient.hpp).
#include <fmt/format.h>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/alert/cap/lenient.hpp"

namespace broadcaster::alert::cap {
namespace {

/// Takes a text apart from its beginning.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  void spaces() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }
  bool word(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// `least` to `most` digits, and none behind them.
  bool number(std::size_t least, std::size_t most, int& out) {
    std::size_t length = 0;
    out = 0;
    while (length < rest_.size() && length <= most && rest_[length] >= '0' && rest_[length] <= '9')
      out = out * 10 + (rest_[length++] - '0');
    if (length < least || length > most) return false;
    rest_.remove_prefix(length);
    return true;
  }
  void digits() {
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') rest_.remove_prefix(1);
  }

 private:
  std::string_view rest_;
};

enum class Half { none, morning, afternoon };

Half half_of_day(Scanner& scan) {
  for (const auto* word : {"上午", "AM", "am", "a.m."})
    if (scan.word(word)) return Half::morning;
  for (const auto* word : {"下午", "PM", "pm", "p.m."})
    if (scan.word(word)) return Half::afternoon;
  return Half::none;
}

/// As CAP writes it: "+07:00". Empty: there is none.
std::string offset_of(Scanner& scan) {
  for (const auto* word : {"Z", "z", "UTC", "GMT"})
    if (scan.word(word)) return "-00:00";
  const char sign = scan.word("+") ? '+' : scan.word("-") ? '-' : ' ';
  int hours = 0, minutes = 0;
  if (sign == ' ') return {};
  if (scan.number(4, 4, hours)) {
    minutes = hours % 100;
    hours /= 100;
  } else if (!scan.number(1, 2, hours) || (scan.word(":") && !scan.number(2, 2, minutes))) {
    return {};
  }
  return fmt::format("{}{:02}:{:02}", sign, hours, minutes);
}

}  // namespace

std::optional<Lenient<base::WallTime>> lenient_time(std::string_view text) {
  text = trimmed(text);
  if (const auto exact = base::parse_cap_time(std::string(text)))
    return Lenient<base::WallTime>{*exact, Care::as_written};
  Scanner scan(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!scan.number(4, 4, year) || !scan.one_of("-/.") || !scan.number(1, 2, month) || !scan.one_of("-/.") ||
      !scan.number(1, 2, day))
    return std::nullopt;
  scan.spaces();
  scan.one_of("Tt");
  scan.spaces();
  auto half = half_of_day(scan);
  scan.spaces();
  if (!scan.number(1, 2, hour) || !scan.word(":") || !scan.number(2, 2, minute)) return std::nullopt;
  if (scan.word(":") && !scan.number(2, 2, second)) return std::nullopt;
  if (scan.one_of(".,")) scan.digits();
  scan.spaces();
  if (half == Half::none) half = half_of_day(scan);
  scan.spaces();
  const auto offset = offset_of(scan);
  if (offset.empty() || !scan.done()) return std::nullopt;
  if (half == Half::afternoon && hour < 12) hour += 12;
  if (half == Half::morning && hour == 12) hour = 0;
  const auto time = base::parse_cap_time(
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", year, month, day, hour, minute, second, offset));
  if (!time) return std::nullopt;
  return Lenient<base::WallTime>{*time, Care::repaired};
}

}  // namespace broadcaster::alert::cap
