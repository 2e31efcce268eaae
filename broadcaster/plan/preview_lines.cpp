#include "broadcaster/plan/preview_lines.hpp"

#include <algorithm>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::plan {

void add_lines(std::string& out, const std::string& text, std::size_t width, std::size_t indent) {
  const auto room = width - indent;
  std::string current;
  const auto flush = [&] {
    out += (current.empty() ? "" : std::string(indent, ' ')) + base::isolated(current) + "\n";
    current.clear();
  };
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find_first_of(" \n", at), text.size());
    const auto word = text.substr(at, end - at);
    const auto longer = current.empty() ? word : current + " " + word;
    if (!current.empty() && base::graphemes(longer) > room) {
      flush();
      current = word;
    } else {
      current = longer;
    }
    if (end < text.size() && text[end] == '\n') flush();
    at = end + 1;
  }
  if (!current.empty()) flush();
}

}  // namespace broadcaster::plan
