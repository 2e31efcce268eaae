// Members of a JSON object that may be missing or of another type: a status document comes over a socket.
// Thread rule: pure.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::cli {

inline std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

inline std::int64_t number_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : 0;
}

inline bool is_true(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_bool() && value->get_bool();
}

inline std::vector<std::string> texts_of(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> out;
  const auto* value = object.if_contains(key);
  if (!value || !value->is_array()) return out;
  for (const auto& item : value->get_array())
    if (item.is_string()) out.emplace_back(item.get_string());
  return out;
}

inline std::vector<boost::json::object> objects_of(const boost::json::object& object, std::string_view key) {
  std::vector<boost::json::object> out;
  const auto* value = object.if_contains(key);
  if (!value || !value->is_array()) return out;
  for (const auto& item : value->get_array())
    if (item.is_object()) out.push_back(item.get_object());
  return out;
}

}  // namespace broadcaster::cli
