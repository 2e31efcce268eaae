#include <algorithm>
#include <charconv>

#include "broadcaster/base/yaml.hpp"

namespace broadcaster::base {
namespace {

constexpr std::size_t shown_characters = 60;

/// A value as an error shows it: in quotes, on one line, of bounded length.
std::string shown(std::string_view value) {
  std::string out = "\"";
  std::size_t characters = 0;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80 && ++characters > shown_characters) {
      out += "…";
      break;
    }
    if (c == '\n') {
      out += "\\n";
    } else {
      out += byte < 0x20 ? ' ' : c;
    }
  }
  return out + "\"";
}

/// Levenshtein's distance, for keys of a few dozen bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// The key that `unknown` was probably meant for, of those that were asked for in vain; empty when none is near.
std::string meant(std::string_view unknown, const std::vector<std::string>& absent) {
  std::string best;
  std::size_t nearest = 3;
  for (const auto& key : absent) {
    if (key.size() > 64 || unknown.size() > 64) continue;
    const auto d = distance(unknown, key);
    if (d < nearest && d < key.size()) {
      nearest = d;
      best = key;
    }
  }
  return best;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Fields::Fields(const Node& map, std::string path, Errors& errors)
    : map_(map), path_(std::move(path)), errors_(errors), asked_(map.entries.size()) {
  if (map_.kind == Node::Kind::map) return;
  Argument found = Key{map_.kind == Node::Kind::list ? "base.found_list" : "base.found_nothing"};
  if (map_.kind == Node::Kind::scalar) found = shown(map_.scalar);
  errors_.push_back({.kind = ErrorKind::bad_input,
                     .text = {"base.expected_found", {{"expected", Key{"base.expected_map"}}, {"found", found}}},
                     .place = map_.place,
                     .key = path_});
}

Fields::~Fields() {
  for (std::size_t i = 0; i < map_.entries.size(); ++i) {
    if (asked_[i]) continue;
    const auto& entry = map_.entries[i];
    const auto suggestion = meant(entry.key, absent_);
    Text text = suggestion.empty() ? Text{"base.unknown_key", {}}
                                   : Text{"base.unknown_key_meant", {{"suggestion", suggestion}}};
    errors_.push_back(
        {.kind = ErrorKind::bad_input, .text = std::move(text), .place = entry.place, .key = path_of(entry.key)});
  }
}

std::string Fields::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

Place Fields::place_of(std::string_view key) const {
  const Node* node = map_.find(key);
  return node ? node->place : map_.place;
}

void Fields::complain(std::string_view key, Text text) {
  errors_.push_back(
      {.kind = ErrorKind::bad_input, .text = std::move(text), .place = place_of(key), .key = path_of(key)});
}

const Node* Fields::take(std::string_view key, Missing missing, std::string_view expected) {
  if (map_.kind != Node::Kind::map) return nullptr;  // reported once, as a whole
  for (std::size_t i = 0; i < map_.entries.size(); ++i) {
    if (map_.entries[i].key != key) continue;
    asked_[i] = true;
    const Node& value = map_.entries[i].value;
    if (value.kind != Node::Kind::nothing) return &value;
    expected_found(key, expected, value);
    return nullptr;
  }
  absent_.emplace_back(key);
  if (missing == Missing::is_error) complain(key, {"base.missing", {{"expected", Key{std::string(expected)}}}});
  return nullptr;
}

void Fields::expected_found(std::string_view key, std::string_view expected, const Node& found) {
  Text text{"base.expected_found", {{"expected", Key{std::string(expected)}}}};
  switch (found.kind) {
    case Node::Kind::nothing:
      text.arguments.emplace_back("found", Key{"base.found_nothing"});
      break;
    case Node::Kind::list:
      text.arguments.emplace_back("found", Key{"base.found_list"});
      break;
    case Node::Kind::map:
      text.arguments.emplace_back("found", Key{"base.found_map"});
      break;
    case Node::Kind::scalar:
      if (found.quoted) text.id = "base.expected_found_quoted";
      text.arguments.emplace_back("found", shown(found.scalar));
      break;
  }
  errors_.push_back({.kind = ErrorKind::bad_input, .text = std::move(text), .place = found.place, .key = path_of(key)});
}

void Fields::expected_one_of(std::string_view key, const std::vector<std::string_view>& names, const Node& found) {
  if (found.kind != Node::Kind::scalar) return expected_found(key, "base.expected_text", found);
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  errors_.push_back({.kind = ErrorKind::bad_input,
                     .text = {"base.expected_one_of", {{"choices", list}, {"found", shown(found.scalar)}}},
                     .place = found.place,
                     .key = path_of(key)});
}

std::string Fields::text(std::string_view key) {
  const Node* node = take(key, Missing::is_error, "base.expected_text");
  if (!node) return {};
  if (node->kind == Node::Kind::scalar) return node->scalar;
  expected_found(key, "base.expected_text", *node);
  return {};
}

std::optional<std::string> Fields::maybe_text(std::string_view key) {
  const Node* node = take(key, Missing::is_fine, "base.expected_text");
  if (!node) return std::nullopt;
  if (node->kind == Node::Kind::scalar) return node->scalar;
  expected_found(key, "base.expected_text", *node);
  return std::nullopt;
}

std::int64_t Fields::whole(std::string_view key, std::int64_t min, std::int64_t max) {
  if (map_.kind == Node::Kind::map && !map_.find(key)) take(key, Missing::is_error, "base.expected_whole");
  return maybe_whole(key, min, max).value_or(min);
}

std::optional<std::int64_t> Fields::maybe_whole(std::string_view key, std::int64_t min, std::int64_t max) {
  const Node* node = take(key, Missing::is_fine, "base.expected_whole");
  if (!node) return std::nullopt;
  const auto value = node->kind == Node::Kind::scalar && !node->quoted ? integer(node->scalar) : std::nullopt;
  if (!value) {
    expected_found(key, "base.expected_whole", *node);
    return std::nullopt;
  }
  if (*value >= min && *value <= max) return value;
  complain(key, {"base.out_of_range", {{"min", min}, {"max", max}, {"found", *value}}});
  return std::nullopt;
}

std::optional<bool> Fields::maybe_yes_no(std::string_view key) {
  const Node* node = take(key, Missing::is_fine, "base.expected_yes_no");
  if (!node) return std::nullopt;
  if (node->kind == Node::Kind::scalar && !node->quoted) {
    if (node->scalar == "true") return true;
    if (node->scalar == "false") return false;
  }
  expected_found(key, "base.expected_yes_no", *node);
  return std::nullopt;
}

std::chrono::seconds Fields::duration(std::string_view key) {
  if (map_.kind == Node::Kind::map && !map_.find(key)) take(key, Missing::is_error, "base.expected_duration");
  return maybe_duration(key).value_or(std::chrono::seconds(0));
}

std::optional<std::chrono::seconds> Fields::maybe_duration(std::string_view key) {
  const Node* node = take(key, Missing::is_fine, "base.expected_duration");
  if (!node) return std::nullopt;
  const auto value = node->kind == Node::Kind::scalar ? parse_duration(node->scalar) : std::nullopt;
  if (!value) expected_found(key, "base.expected_duration", *node);
  return value;
}

std::vector<std::string> Fields::texts(std::string_view key) {
  if (map_.kind == Node::Kind::map && !map_.find(key)) take(key, Missing::is_error, "base.expected_texts");
  const Node* node = map_.find(key);
  if (node && node->kind == Node::Kind::list && node->items.empty()) {
    take(key, Missing::is_fine, "base.expected_texts");
    expected_found(key, "base.expected_texts", *node);
    return {};
  }
  return maybe_texts(key);
}

std::vector<std::string> Fields::maybe_texts(std::string_view key) {
  const Node* node = take(key, Missing::is_fine, "base.expected_texts");
  if (!node) return {};
  if (node->kind != Node::Kind::list) {
    expected_found(key, "base.expected_texts", *node);
    return {};
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const Node& item = node->items[i];
    if (item.kind == Node::Kind::scalar)
      out.push_back(item.scalar);
    else
      expected_found(std::string(key) + "[" + std::to_string(i) + "]", "base.expected_text", item);
  }
  return out;
}

const Node* Fields::child(std::string_view key) { return take(key, Missing::is_error, "base.expected_any"); }

const Node* Fields::maybe_child(std::string_view key) { return take(key, Missing::is_fine, "base.expected_any"); }

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2 || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto count = integer(text.substr(0, text.size() - 1));
  std::int64_t unit = 0;
  switch (text.back()) {
    case 's':
      unit = 1;
      break;
    case 'm':
      unit = 60;
      break;
    case 'h':
      unit = 3600;
      break;
    case 'd':
      unit = 86400;
      break;
    default:
      return std::nullopt;
  }
  // A hundred years: longer is a slip of the finger, and must not overflow when it is added to a time.
  constexpr std::int64_t longest = std::int64_t{36525} * 86400;
  if (!count || *count > longest / unit) return std::nullopt;
  return std::chrono::seconds(*count * unit);
}

}  // namespace broadcaster::base
