#include "broadcaster/cli/wrap.hpp"

#include <algorithm>

#include "broadcaster/service/progress.hpp"

namespace broadcaster::cli {
namespace {

constexpr int narrowest = 20;
constexpr std::string_view command = "broadcaster ";

/// Where a command begins that goes on to the end of the line; npos: nowhere.
std::size_t command_at(std::string_view line) {
  const auto at = line.rfind(command);
  if (at == std::string_view::npos || at == 0 || line[at - 1] != ' ') return std::string_view::npos;
  // A sentence that goes on behind a command has it in quotes, or ends in a full stop.
  return line.ends_with('.') ? std::string_view::npos : at;
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines(1);
  std::string word;
  const auto put = [&] {
    const auto needed = service::columns_of(lines.back()) + (lines.back().empty() ? 0 : 1) + service::columns_of(word);
    if (!lines.back().empty() && needed > width) lines.emplace_back();
    if (!word.empty()) lines.back() += (lines.back().empty() ? "" : " ") + word;
    word.clear();
  };
  for (const char c : text) {
    if (c == ' ' || c == '\n') put();
    if (c == '\n') lines.emplace_back();
    if (c != ' ' && c != '\n') word += c;
  }
  put();
  return lines;
}

std::string wrapped_line(std::string_view line, int width) {
  if (service::columns_of(line) <= width) return std::string(line);
  const auto indent = std::min(line.find_first_not_of(' '), line.size());
  const auto words = line.substr(indent);
  if (words.find("  ") != std::string_view::npos || words.find('\n') != std::string_view::npos)
    return std::string(line);
  const std::string margin(indent, ' ');
  const int room = std::max(narrowest, width - static_cast<int>(indent));
  const auto copied = command_at(words);
  auto lines = wrapped(words.substr(0, copied), room);
  if (copied != std::string_view::npos) {
    const auto tail = words.substr(copied);
    if (service::columns_of(lines.back()) + 1 + service::columns_of(tail) <= room)
      lines.back() += " " + std::string(tail);
    else
      lines.emplace_back(tail);
  }
  std::string out;
  for (const auto& one : lines) out += (out.empty() ? "" : "\n") + margin + one;
  return out;
}

}  // namespace broadcaster::cli
