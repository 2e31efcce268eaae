#include "broadcaster/service/request_fields.hpp"

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {
constexpr std::size_t most_of_a_name = 64;  // bytes
}  // namespace

std::string string_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t int_of(const json::object& object, std::string_view key, std::int64_t otherwise) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : otherwise;
}

std::string by_whom(const json::object& request, const net::Peer& peer) {
  auto by = string_of(request, "by");
  std::erase_if(by, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == ':'; });
  if (by.size() > most_of_a_name) by.resize(most_of_a_name);
  by.resize(base::valid_utf8_prefix(by));
  const auto user = "uid " + std::to_string(peer.user);
  return by.empty() ? user : by + " (" + user + ")";
}

std::unexpected<base::Error> unknown_alert(const std::string& name) {
  return base::fail(base::ErrorKind::bad_input, {"service.unknown_alert", {{"alert", name}}});
}

}  // namespace broadcaster::service
