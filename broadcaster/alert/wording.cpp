#include "broadcaster/alert/wording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace broadcaster::alert {
namespace {

constexpr std::size_t shown_characters = 60;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool digit(char c) { return c >= '0' && c <= '9'; }

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string shown(std::string_view value) {
  std::string out = "\"";
  std::size_t characters = 0;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80 && ++characters > shown_characters) {
      out += "…";
      break;
    }
    out += byte < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = 3;
  for (const auto& candidate : candidates) {
    if (word.size() > 64 || candidate.size() > 64) continue;
    const auto d = distance(word, candidate);
    if (d < least && d < candidate.size()) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || digit(c) || c == '-'; });
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  std::array<int, 3> part{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) continue;
    if (!digit(text[i])) return false;
    auto& p = part[i < 4 ? 0 : i < 7 ? 1 : 2];
    p = p * 10 + (text[i] - '0');
  }
  return std::chrono::year_month_day{std::chrono::year(part[0]), std::chrono::month(static_cast<unsigned>(part[1])),
                                     std::chrono::day(static_cast<unsigned>(part[2]))}
      .ok();
}

bool parse_decimal(std::string_view text, double& out) {
  if (text.empty() || text.size() > 40) return false;
  const auto number = text.front() == '-' || text.front() == '+' ? text.substr(1) : text;
  if (number.empty() || !digit(number.front()) || !digit(number.back())) return false;
  if (!std::ranges::all_of(number, [](char c) { return digit(c) || c == '.'; })) return false;
  const char* first = text.front() == '+' ? text.data() + 1 : text.data();
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), out, std::chars_format::fixed);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string format_decimal(double value) {
  if (value == 0) return "0";  // and never "-0"
  std::array<char, 400> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), result.ptr};
}

}  // namespace broadcaster::alert
