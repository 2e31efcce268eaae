// YAML with places: every value knows its file, line and column, so that every mistake can be pointed at.
//
// A file is read by parser events into Nodes (yaml-cpp keeps the first of two equal keys in silence; we report the
// second). Refused: anchors, aliases and tags, more than one document, depth over 32, files over 8 MiB, invalid UTF-8.
// Fields takes one map apart: it collects mistakes instead of stopping at the first, and reports keys nobody asked for.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

struct Node {
  enum class Kind { nothing, scalar, list, map };
  struct Entry;

  Kind kind = Kind::nothing;
  Place place;
  std::string scalar;   ///< Kind::scalar, as written (quotes and escapes resolved)
  bool quoted = false;  ///< Kind::scalar: in quotes, so never a number or yes/no
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< Kind::map, in the file's order

  const Node* find(std::string_view key) const;  ///< nullptr: not a map, or no such key
};

struct Node::Entry {
  std::string key;
  Place place;
  Node value;
};

/// `file` is only named in errors.
Checked<Node> parse_yaml(const std::string& text, const std::string& file);
Checked<Node> read_yaml(const std::filesystem::path& path);

/// An enumeration as files spell it.
template <class E>
using Choices = std::span<const std::pair<std::string_view, E>>;

class Fields {
 public:
  /// `map` that is no map is a mistake at once. `path` is the key so far ("info[0]"), empty at the root.
  Fields(const Node& map, std::string path, Errors& errors);
  /// Reports the keys that no call asked for, each with the key it was probably meant for.
  ~Fields();
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  // Required: a missing or wrong value is reported once, and a harmless default comes back.
  std::string text(std::string_view key);
  std::int64_t whole(std::string_view key, std::int64_t min = 0, std::int64_t max = std::numeric_limits<int>::max());
  std::chrono::seconds duration(std::string_view key);   ///< "90s", "15m", "3h", "2d"
  std::vector<std::string> texts(std::string_view key);  ///< a list of texts, at least one
  const Node* child(std::string_view key);               ///< any value; nullptr when missing (reported)
  template <class E>
  E choice(std::string_view key, Choices<E> choices) {
    return pick(key, choices, Missing::is_error).value_or(choices.front().second);
  }

  // Optional: absent gives nothing, wrong is reported and gives nothing.
  std::optional<std::string> maybe_text(std::string_view key);
  std::optional<std::int64_t> maybe_whole(std::string_view key, std::int64_t min = 0,
                                          std::int64_t max = std::numeric_limits<int>::max());
  std::optional<bool> maybe_yes_no(std::string_view key);  ///< true or false, nothing else
  std::optional<std::chrono::seconds> maybe_duration(std::string_view key);
  std::vector<std::string> maybe_texts(std::string_view key);
  const Node* maybe_child(std::string_view key);
  template <class E>
  std::optional<E> maybe_choice(std::string_view key, Choices<E> choices) {
    return pick(key, choices, Missing::is_fine);
  }

  /// A mistake at this key's value (or at the map when the key is absent).
  void complain(std::string_view key, Text text);
  /// "info[0].urgency"
  std::string path_of(std::string_view key) const;
  Place place_of(std::string_view key) const;

 private:
  enum class Missing { is_error, is_fine };
  const Node* take(std::string_view key, Missing missing, std::string_view expected);
  void expected_found(std::string_view key, std::string_view expected, const Node& found);
  void expected_one_of(std::string_view key, const std::vector<std::string_view>& names, const Node& found);

  template <class E>
  std::optional<E> pick(std::string_view key, Choices<E> choices, Missing missing) {
    const Node* node = take(key, missing, "base.expected_text");
    if (!node) return std::nullopt;
    std::vector<std::string_view> names;
    for (const auto& [name, value] : choices) {
      if (node->kind == Node::Kind::scalar && node->scalar == name) return value;
      names.push_back(name);
    }
    expected_one_of(key, names, *node);
    return std::nullopt;
  }

  const Node& map_;
  std::string path_;
  Errors& errors_;
  std::vector<bool> asked_;
  std::vector<std::string> absent_;  ///< asked for in vain: what an unknown key may have been meant for
};

/// "90s", "15m", "3h", "2d"; nothing else.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace broadcaster::base
