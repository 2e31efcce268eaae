#include "channels/siren/protocol/json.hpp"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace broadcaster::channels::siren {
namespace json = boost::json;
namespace {

/// Boost.JSON keeps the last of two equal keys in silence; two readers could then see two commands in one signed body.
/// Runs over text that has been parsed already, so quotes and braces are known to match.
bool has_double_key(std::string_view text) {
  struct Level {
    bool object;
    std::set<std::string> keys;
  };
  std::vector<Level> levels;
  bool key_next = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') levels.push_back({c == '{', {}});
    if (c == '}' || c == ']') levels.pop_back();
    if (c == '{' || c == ',') key_next = !levels.empty() && levels.back().object;
    if (c == ':' || c == '[') key_next = false;
    if (c != '"') continue;
    const auto start = i++;
    while (text[i] != '"') i += text[i] == '\\' ? 2 : 1;
    if (!key_next) continue;
    // Escapes may spell one key in two ways.
    const auto key = json::parse(text.substr(start, i - start + 1));
    if (!levels.back().keys.insert(std::string(key.as_string())).second) return true;
  }
  return false;
}

}  // namespace

std::optional<json::object> parse_object(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  auto value = json::parse(text, error, {}, options);
  if (error || !value.is_object() || has_double_key(text)) return std::nullopt;
  return std::move(value.as_object());
}

void put(json::object& object, std::string_view key, std::string_view text) {
  if (!text.empty()) object[key] = text;
}

void ObjectReader::complain(std::string_view key, std::string_view what) {
  if (error.empty()) error = fmt::format("{}: {}", key, what);
}

const json::value* ObjectReader::find(std::string_view key, Need need) {
  const auto* value = object_.if_contains(key);
  if (!value && need == Need::required) complain(key, "missing");
  return value;
}

std::string ObjectReader::text(std::string_view key, std::size_t max_bytes, Need need) {
  const auto* value = find(key, need);
  if (!value) return {};
  const auto* string = value->if_string();
  if (!string || string->size() > max_bytes || (string->empty() && need == Need::required)) {
    complain(key, fmt::format("expected text of at most {} bytes", max_bytes));
    return {};
  }
  // Control characters would run into logs, environments and topics.
  for (const char c : *string)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      complain(key, "control character");
      return {};
    }
  return std::string(*string);
}

std::uint64_t ObjectReader::whole(std::string_view key, std::uint64_t max, Need need) {
  const auto* value = find(key, need);
  if (!value) return 0;
  const auto* number = value->if_int64();
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) > max) {
    complain(key, fmt::format("expected a whole number from 0 to {}", max));
    return 0;
  }
  return static_cast<std::uint64_t>(*number);
}

base::WallTime ObjectReader::time(std::string_view key, Need need) {
  const auto written = text(key, 32, need);
  if (written.empty()) return {};
  const auto parsed = base::parse_utc(written);
  if (!parsed) {
    complain(key, "expected a time as 2026-11-24T02:15:00.000Z");
    return {};
  }
  return *parsed;
}

bool ObjectReader::yes_no(std::string_view key) {
  const auto* value = find(key, Need::required);
  if (!value) return false;
  if (!value->is_bool()) {
    complain(key, "expected true or false");
    return false;
  }
  return value->as_bool();
}

const json::array* ObjectReader::list(std::string_view key) {
  const auto* value = find(key, Need::required);
  if (!value) return nullptr;
  if (!value->is_array()) complain(key, "expected a list");
  return value->if_array();
}

}  // namespace broadcaster::channels::siren
