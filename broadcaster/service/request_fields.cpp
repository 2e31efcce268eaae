#include "broadcaster/service/request_fields.hpp"

namespace broadcaster::service {
namespace json = boost::json;

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
  return by.empty() ? "uid:" + std::to_string(peer.user) : by;
}

std::unexpected<base::Error> unknown_alert(const std::string& name) {
  return base::fail(base::ErrorKind::bad_input, {"service.unknown_alert", {{"alert", name}}});
}

}  // namespace broadcaster::service
