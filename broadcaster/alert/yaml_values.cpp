#include "broadcaster/alert/yaml_values.hpp"

#include <algorithm>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert {

using base::Node;

void wrong_node(base::Errors& errors, const Node& node, const std::string& path, base::Text text) {
  errors.push_back({.kind = base::ErrorKind::bad_input, .text = std::move(text), .place = node.place, .key = path});
}

void unexpected_node(base::Errors& errors, const Node& node, const std::string& path, std::string_view expected) {
  base::Argument found = base::Key{"base.found_nothing"};
  switch (node.kind) {
    case Node::Kind::nothing:
      break;
    case Node::Kind::scalar:
      found = shown(node.scalar);
      break;
    case Node::Kind::list:
      found = base::Key{"base.found_list"};
      break;
    case Node::Kind::map:
      found = base::Key{"base.found_map"};
      break;
  }
  wrong_node(errors, node, path,
             {"base.expected_found", {{"expected", base::Key{std::string(expected)}}, {"found", std::move(found)}}});
}

std::optional<std::string> node_text(base::Errors& errors, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::scalar) {
    unexpected_node(errors, node, path, "base.expected_text");
    return std::nullopt;
  }
  if (!node.scalar.empty()) return node.scalar;
  wrong_node(errors, node, path, {"alert.empty_text", {}});
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> node_texts(base::Errors& errors, const Node& node,
                                                            const std::string& path) {
  std::vector<std::pair<std::string, std::string>> out;
  if (node.kind != Node::Kind::map) {
    unexpected_node(errors, node, path, "base.expected_map");
    return out;
  }
  for (const auto& entry : node.entries)
    if (auto text = node_text(errors, entry.value, path + "." + entry.key)) out.emplace_back(entry.key, *text);
  return out;
}

std::optional<Point> parse_position(std::string_view text) {
  const auto comma = text.find(',');
  Point point;
  if (comma == std::string_view::npos || !parse_decimal(text.substr(0, comma), point.latitude) ||
      !parse_decimal(text.substr(comma + 1), point.longitude))
    return std::nullopt;
  if (point.latitude < -90 || point.latitude > 90 || point.longitude < -180 || point.longitude > 180)
    return std::nullopt;
  return point;
}

std::string format_position(const Point& point) {
  return format_decimal(point.latitude) + "," + format_decimal(point.longitude);
}

bool is_language(std::string_view text) {
  // Subtags of 1 to 8 letters or digits; the first letters only, and not "x" or "i" alone.
  std::size_t length = 0;
  bool first = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == '-') {
      if (length < (first ? 2u : 1u)) return false;
      first = false;
      length = 0;
      continue;
    }
    if (!letter && (first || c < '0' || c > '9')) return false;
    if (++length > 8) return false;
  }
  return length >= (first ? 2u : 1u);
}

void normalise(Node& node) {
  node.scalar = base::nfc(node.scalar);
  for (auto& item : node.items) normalise(item);
  for (auto& entry : node.entries) {
    entry.key = base::nfc(entry.key);
    normalise(entry.value);
  }
}

}  // namespace broadcaster::alert
