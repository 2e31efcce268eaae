// Values of our YAML files that base::Fields does not know. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::alert {

/// A mistake at a node.
void wrong_node(base::Errors& errors, const base::Node& node, const std::string& path, base::Text text);
/// "expected {expected}, found …"; `expected` is a key of the catalogue.
void unexpected_node(base::Errors& errors, const base::Node& node, const std::string& path, std::string_view expected);

/// A text that is not empty; nothing (reported) for anything else.
std::optional<std::string> node_text(base::Errors& errors, const base::Node& node, const std::string& path);

/// Texts by name, in the file's order: {id: …, en: …}.
std::vector<std::pair<std::string, std::string>> node_texts(base::Errors& errors, const base::Node& node,
                                                            const std::string& path);

/// One value, or a list of values: calls `item(node, path)` for each.
template <class F>
void each_of(const base::Node& node, const std::string& path, F item) {
  if (node.kind != base::Node::Kind::list) return item(node, path);
  for (std::size_t i = 0; i < node.items.size(); ++i) item(node.items[i], path + "[" + std::to_string(i) + "]");
}

/// "latitude,longitude" in degrees, as in CAP.
std::optional<Point> parse_position(std::string_view text);
std::string format_position(const Point& point);

/// BCP 47 as CAP's xs:language allows it: "id", "en-US".
bool is_language(std::string_view text);

/// Makes every text of the file normal form C, so that equal texts have equal bytes.
void normalise(base::Node& node);

}  // namespace broadcaster::alert
