#include "broadcaster/approval/set_values.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::approval {
namespace {

namespace json = boost::json;
using base::Node;

constexpr std::string_view coordinates = "coordinates";
constexpr std::string_view identities[] = {"id", "name", "person", "public"};

Node scalar(std::string text) {
  Node out;
  out.kind = Node::Kind::scalar;
  out.scalar = std::move(text);
  return out;
}

Node node_of(const json::value& value) {
  Node out;
  switch (value.kind()) {
    case json::kind::object:
      out.kind = Node::Kind::map;
      for (const auto& [key, child] : value.get_object())
        // Thousands of numbers tell nobody anything: whether they are the same does.
        out.entries.push_back(
            {std::string(key), {}, key == coordinates ? scalar(json::serialize(child)) : node_of(child)});
      return out;
    case json::kind::array:
      out.kind = Node::Kind::list;
      for (const auto& item : value.get_array()) out.items.push_back(node_of(item));
      return out;
    case json::kind::string:
      return scalar(std::string(value.get_string()));
    case json::kind::null:
      return out;
    case json::kind::bool_:
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return scalar(json::serialize(value));
  }
  return out;
}

/// Empty: it has none. A zone of GeoJSON has its id among its properties.
std::string identity(const Node& item) {
  for (const auto key : identities)
    if (const auto* found = item.find(key); found && found->kind == Node::Kind::scalar) return found->scalar;
  const auto* properties = item.find("properties");
  return properties ? identity(*properties) : std::string();
}

bool is_plain_list(const Node& node) {
  return node.kind == Node::Kind::list &&
         std::ranges::all_of(node.items, [](const Node& item) { return item.kind == Node::Kind::scalar; });
}

std::string joined(const Node& list) {
  std::string out;
  for (const auto& item : list.items) out += (out.empty() ? "" : ", ") + item.scalar;
  return out;
}

class Flattener {
 public:
  explicit Flattener(SetValues& out) : out_(out) {}

  /// Gives the values in one line, for the item that they belong to.
  std::string walk(const Node& node, const std::string& place, std::string_view key) {
    if (key == coordinates) return keep(place, base::hex(base::sha256(node.scalar)));
    if (is_plain_list(node)) return keep(place, joined(node));
    switch (node.kind) {
      case Node::Kind::nothing:
        return keep(place, {});
      case Node::Kind::scalar:
        return keep(place, node.scalar);
      case Node::Kind::map:
        return walk_map(node, place);
      case Node::Kind::list:
        return walk_list(node, place);
    }
    return {};
  }

 private:
  std::string keep(const std::string& place, std::string value) {
    out_.values[place] = value;
    return value;
  }

  std::string walk_map(const Node& node, const std::string& place) {
    std::string line;
    for (const auto& entry : node.entries) {
      const auto said = walk(entry.value, place.empty() ? entry.key : place + "." + entry.key, entry.key);
      if (entry.key != coordinates && !said.empty()) line += (line.empty() ? "" : "; ") + entry.key + " " + said;
    }
    return line;
  }

  std::string walk_list(const Node& node, const std::string& place) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto name = identity(node.items[i]);
      auto at = place + "[" + (name.empty() ? std::to_string(i + 1) : name) + "]";
      // Two of one name are mistakes of the file; here none may hide the other.
      if (out_.items.contains(at)) at += "#" + std::to_string(i + 1);
      const auto line = walk(node.items[i], at, {});
      if (!name.empty()) out_.items[at] = line;
    }
    return std::to_string(node.items.size());
  }

  SetValues& out_;
};

}  // namespace

base::Result<SetValues> set_values(const std::string& file, const std::string& text) {
  SetValues out;
  if (file.ends_with("json")) {
    const auto root = base::parse_json(text, file);
    if (!root) return std::unexpected(root.error());
    Flattener(out).walk(node_of(*root), {}, {});
  } else {
    const auto root = base::parse_yaml(text, file);
    if (!root) return std::unexpected(root.error().front());
    Flattener(out).walk(*root, {}, {});
  }
  return out;
}

}  // namespace broadcaster::approval
