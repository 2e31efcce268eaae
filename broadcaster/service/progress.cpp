#include "broadcaster/service/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "broadcaster/base/catalogue.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

std::int64_t number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : 0;
}

/// Milliseconds from release, as people read them: "84 ms", "1.2 s", "3:05 min".
std::string time_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value || !value->is_int64()) return "–";
  const auto ms = value->get_int64();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 100'000) return fmt::format("{}.{} s", ms / 1000, ms % 1000 / 100);
  return fmt::format("{}:{:02} min", ms / 60'000, ms / 1000 % 60);
}

struct Column {
  std::string_view heading;  ///< key of the catalogue
  std::string_view sign;     ///< before a number that is not 0
  const char* colour;        ///< of a number that is not 0
  std::string_view keys[2];  ///< summed
  int keep;                  ///< the lower, the longer it stays in a narrow window
};

constexpr Column all_columns[] = {
    {"service.column_planned", "", "", {"planned", ""}, 5},
    {"service.column_sent", "", "", {"sent", ""}, 7},
    {"service.column_accepted", "○ ", "\033[33m", {"accepted", ""}, 2},
    {"service.column_proven", "● ", "\033[32m", {"confirmed", ""}, 1},
    {"service.column_waiting", "", "", {"pending", ""}, 4},
    {"service.column_unknown", "? ", "\033[35m", {"unknown", ""}, 3},
    {"service.column_failed", "✗ ", "\033[31m", {"failed", ""}, 1},
    {"service.column_ended", "", "", {"expired", "cancelled"}, 8},
};

std::string padded_left(const std::string& text, int width) {
  return std::string(static_cast<std::size_t>(std::max(0, width - columns_of(text))), ' ') + text;
}

std::string padded_right(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - columns_of(text))), ' ');
}

/// Cells first, then as many columns as fit: those with the lowest `keep` stay.
struct Table {
  struct Cell {
    std::string text;
    const char* colour = "";
  };
  std::vector<std::vector<Cell>> rows;  ///< the heading is the first
  std::vector<int> keep;

  std::vector<int> widths() const {
    std::vector<int> widths(keep.size(), 0);
    for (const auto& row : rows)
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i].text));
    return widths;
  }

  std::vector<bool> shown(const std::vector<int>& widths, int limit) const {
    std::vector<bool> shown(keep.size(), true);
    const auto total = [&] {
      int sum = 0;
      for (std::size_t i = 0; i < widths.size(); ++i)
        if (shown[i]) sum += widths[i] + (i ? 2 : 0);
      return sum;
    };
    while (total() > limit) {
      std::size_t worst = 0;
      for (std::size_t i = 1; i < keep.size(); ++i)
        if (shown[i] && (worst == 0 || keep[i] >= keep[worst])) worst = i;
      if (worst == 0) break;
      shown[worst] = false;
    }
    return shown;
  }
};

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
         (c >= 0x1f300 && c <= 0x1faff);
}

/// Marks that sit on a letter (Latin, Arabic, the signs of Devanagari without a place of their own), joiners and the
/// isolates of base::isolated().
bool takes_none(char32_t c) {
  static constexpr std::pair<char32_t, char32_t> ranges[] = {
      {0x300, 0x36f}, {0x610, 0x61a}, {0x64b, 0x65f},   {0x670, 0x670},   {0x6d6, 0x6dc},
      {0x900, 0x902}, {0x93a, 0x93a}, {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},
      {0x951, 0x957}, {0x962, 0x963}, {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
  return std::ranges::any_of(ranges, [c](const auto& range) { return c >= range.first && c <= range.second; });
}

}  // namespace

int columns_of(std::string_view text) {
  int columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int bytes = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = bytes == 1 ? lead : lead & (0xff >> (bytes + 1));
    for (int k = 1; k < bytes && i + static_cast<std::size_t>(k) < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 0x3f);
    i += static_cast<std::size_t>(bytes);
    columns += takes_none(c) ? 0 : is_wide(c) ? 2 : 1;
  }
  return columns;
}

std::vector<std::string> progress_lines(const json::object& alert, const ScreenStyle& style) {
  const auto& catalogue = base::Catalogue::of(style.language);
  Table table;
  auto& heading = table.rows.emplace_back();
  heading.push_back({catalogue.say(base::Text{"service.column_endpoint", {}}), ""});
  table.keep.push_back(0);
  for (const auto& column : all_columns) {
    heading.push_back({catalogue.say(base::Text{std::string(column.heading), {}}), ""});
    table.keep.push_back(column.keep);
  }
  for (const auto* key : {"service.column_first", "service.column_last"}) {
    heading.push_back({catalogue.say(base::Text{key, {}}), ""});
    table.keep.push_back(6);
  }
  if (const auto* endpoints = alert.if_contains("endpoints"); endpoints && endpoints->is_array()) {
    for (const auto& value : endpoints->get_array()) {
      if (!value.is_object()) continue;
      const auto& endpoint = value.get_object();
      auto& row = table.rows.emplace_back();
      const auto* name = endpoint.if_contains("name");
      row.push_back({name && name->is_string() ? std::string(name->get_string()) : "?", ""});
      for (const auto& column : all_columns) {
        const auto n =
            number(endpoint, column.keys[0]) + (column.keys[1].empty() ? 0 : number(endpoint, column.keys[1]));
        row.push_back({n == 0 ? "·" : std::string(column.sign) + std::to_string(n), n == 0 ? "" : column.colour});
      }
      row.push_back({time_of(endpoint, "first_ms"), ""});
      row.push_back({time_of(endpoint, "last_ms"), ""});
    }
  }
  const auto widths = table.widths();
  const auto shown = table.shown(widths, style.width);
  std::vector<std::string> lines;
  for (const auto& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!shown[i]) continue;
      const auto cell = i == 0 ? padded_right(row[i].text, widths[i]) : padded_left(row[i].text, widths[i]);
      if (i > 0) line += "  ";
      if (style.colour == Colour::yes && *row[i].colour)
        line += row[i].colour + cell + "\033[0m";
      else
        line += cell;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

ScreenStyle style_of(std::FILE* file, std::string language) {
  ScreenStyle style{.language = std::move(language), .width = 100, .colour = Colour::no};
  const int fd = ::fileno(file);
  if (!::isatty(fd)) return style;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (!(no_color && *no_color) && !(term && std::strcmp(term, "dumb") == 0)) style.colour = Colour::yes;
  struct winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
  return style;
}

ProgressScreen::ProgressScreen(std::FILE* file, ScreenStyle style)
    : file_(file), style_(std::move(style)), terminal_(::isatty(::fileno(file)) != 0) {}

void ProgressScreen::write(const std::vector<std::string>& lines) {
  std::string out;
  if (terminal_ && !shown_.empty()) out += fmt::format("\033[{}A", shown_.size());
  for (const auto& line : lines) out += (terminal_ ? "\r\033[K" : "") + line + "\n";
  if (terminal_) out += "\033[J";  // the picture before may have had more lines
  std::fwrite(out.data(), 1, out.size(), file_);
  std::fflush(file_);
  shown_ = lines;
}

void ProgressScreen::show(const std::vector<std::string>& lines, std::int64_t now_ms) {
  if (lines == shown_) return waiting_.clear();
  if (!terminal_ && now_ms - written_at_ < 1000) {
    waiting_ = lines;
    return;
  }
  waiting_.clear();
  written_at_ = now_ms;
  write(lines);
}

void ProgressScreen::finish() {
  if (!waiting_.empty()) write(waiting_);
  waiting_.clear();
  shown_.clear();
}

}  // namespace broadcaster::service
