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

Node scalar(std::string text, bool quoted = false) {
  Node out;
  out.kind = Node::Kind::scalar;
  out.scalar = std::move(text);
  out.quoted = quoted;
  return out;
}

Node node_of(const json::value& value) {
  Node out;
  switch (value.kind()) {
    case json::kind::object:
      out.kind = Node::Kind::map;
      for (const auto& [key, child] : value.get_object()) out.entries.push_back({std::string(key), {}, node_of(child)});
      return out;
    case json::kind::array:
      out.kind = Node::Kind::list;
      for (const auto& item : value.get_array()) out.items.push_back(node_of(item));
      return out;
    case json::kind::string:
      return scalar(std::string(value.get_string()), true);
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

/// The node and nothing else, in one text.
std::string exact(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::nothing:
      return "null";
    case Node::Kind::scalar:
      return (node.quoted ? "" : "=") + json::serialize(json::string(node.scalar));
    case Node::Kind::list:
      for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + exact(item);
      return "[" + out + "]";
    case Node::Kind::map:
      for (const auto& entry : node.entries)
        out += (out.empty() ? "" : ", ") + json::serialize(json::string(entry.key)) + ": " + exact(entry.value);
      return "{" + out + "}";
  }
  return out;
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::string_view(".[]#\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
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
    // Thousands of numbers tell nobody anything: whether they are the same does.
    if (key == coordinates) return keep(node, place, base::hex(base::sha256(exact(node))));
    if (is_plain_list(node)) return keep(node, place, joined(node));
    switch (node.kind) {
      case Node::Kind::nothing:
        return keep(node, place, {});
      case Node::Kind::scalar:
        return keep(node, place, node.scalar);
      case Node::Kind::map:
        return node.entries.empty() ? keep(node, place, "{}") : walk_map(node, place);
      case Node::Kind::list:
        return walk_list(node, place);
    }
    return {};
  }

  bool two_of_one_place() const { return two_of_one_place_; }

 private:
  std::string keep(const Node& node, const std::string& place, std::string shown) {
    two_of_one_place_ |= !out_.values.try_emplace(place, SetValue{shown, exact(node)}).second;
    return shown;
  }

  std::string walk_map(const Node& node, const std::string& place) {
    std::string line;
    for (const auto& entry : node.entries) {
      const auto key = escaped(entry.key);
      const auto said = walk(entry.value, place.empty() ? key : place + "." + key, entry.key);
      if (entry.key != coordinates && !said.empty()) line += (line.empty() ? "" : "; ") + entry.key + " " + said;
    }
    return line;
  }

  std::string walk_list(const Node& node, const std::string& place) {
    std::string lines;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto name = identity(node.items[i]);
      auto at = place + "[" + (name.empty() ? std::to_string(i + 1) : escaped(name)) + "]";
      // Two of one name are mistakes of the file; here none may hide the other.
      if (out_.items.contains(at)) at += "#" + std::to_string(i + 1);
      const auto line = walk(node.items[i], at, {});
      lines += (lines.empty() ? "" : " | ") + line;
      if (name.empty()) continue;
      out_.items[at] = line;
      out_.order[place].push_back(at);
    }
    return "(" + lines + ")";
  }

  SetValues& out_;
  bool two_of_one_place_ = false;
};

base::Result<Node> parsed(const std::string& file, const std::string& text) {
  if (file.ends_with("json")) {
    const auto root = base::parse_written_json(text, file);
    if (!root) return std::unexpected(root.error());
    return node_of(*root);
  }
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error().front());
  return std::move(*root);
}

}  // namespace

base::Result<SetValues> set_values(const std::string& file, const std::string& text) {
  const auto root = parsed(file, text);
  if (!root) return std::unexpected(root.error());
  SetValues out;
  Flattener flattener(out);
  flattener.walk(*root, {}, {});
  if (flattener.two_of_one_place())
    return base::fail(base::ErrorKind::bad_input, {"approval.change_unreadable", {{"file", file}}});
  return out;
}

}  // namespace broadcaster::approval
