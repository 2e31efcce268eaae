#include "broadcaster/alert/references.hpp"

#include <algorithm>

namespace broadcaster::alert {

std::string references_text(std::span<const Reference> references) {
  std::string out;
  for (const auto& one : references) {
    if (!out.empty()) out += ' ';
    out += one.sender + "," + one.identifier + "," + one.sent;
  }
  return out;
}

std::vector<Reference> parse_references(std::string_view text) {
  std::vector<Reference> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto one = text.substr(0, end);
    const auto first = one.find(','), last = one.rfind(',');
    if (first != std::string_view::npos && last > first)
      out.push_back({std::string(one.substr(0, first)), std::string(one.substr(first + 1, last - first - 1)),
                     std::string(one.substr(last + 1))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace broadcaster::alert
