#include "broadcaster/net/mqtt_properties.hpp"

#include <mqtt_protocol.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace broadcaster::net {
namespace {

constexpr std::size_t max_field = std::numeric_limits<std::uint16_t>::max();  // MQTT 5 §1.5.4, §1.5.6

bool is_text(const std::string& text) {
  return text.size() <= max_field && text.find('\0') == std::string::npos &&
         mosquitto_validate_utf8(text.data(), static_cast<int>(text.size())) == MOSQ_ERR_SUCCESS;
}

/// The library allocates what its readers give.
std::string taken(char* text) {
  std::string out = text != nullptr ? text : "";
  std::free(text);
  return out;
}

}  // namespace

void Properties::add_seconds(int id, seconds value) {
  constexpr seconds::rep most = std::numeric_limits<std::uint32_t>::max();
  note(mosquitto_property_add_int32(&list_, id,
                                    static_cast<std::uint32_t>(std::clamp<seconds::rep>(value.count(), 0, most))));
}

void Properties::add_text(int id, const std::string& text) {
  note(is_text(text) ? mosquitto_property_add_string(&list_, id, text.c_str()) : MOSQ_ERR_MALFORMED_UTF8);
}

void Properties::add_binary(int id, const std::string& data) {
  note(data.size() <= max_field
           ? mosquitto_property_add_binary(&list_, id, data.data(), static_cast<std::uint16_t>(data.size()))
           : MOSQ_ERR_INVAL);
}

void Properties::add_pairs(const UserProperties& pairs) {
  for (const auto& [name, value] : pairs)
    note(is_text(name) && is_text(value)
             ? mosquitto_property_add_string_pair(&list_, MQTT_PROP_USER_PROPERTY, name.c_str(), value.c_str())
             : MOSQ_ERR_MALFORMED_UTF8);
}

std::optional<seconds> read_seconds(const mosquitto_property* list, int id) {
  std::uint32_t value = 0;
  if (mosquitto_property_read_int32(list, id, &value, false) == nullptr) return std::nullopt;
  return seconds(value);
}

std::string read_text(const mosquitto_property* list, int id) {
  char* text = nullptr;
  mosquitto_property_read_string(list, id, &text, false);
  return taken(text);
}

std::string read_binary(const mosquitto_property* list, int id) {
  void* data = nullptr;
  std::uint16_t size = 0;
  if (mosquitto_property_read_binary(list, id, &data, &size, false) == nullptr) return {};
  std::string out(static_cast<const char*>(data), size);
  std::free(data);
  return out;
}

UserProperties read_pairs(const mosquitto_property* list) {
  UserProperties pairs;
  char *name = nullptr, *value = nullptr;
  auto* at = mosquitto_property_read_string_pair(list, MQTT_PROP_USER_PROPERTY, &name, &value, false);
  while (at != nullptr) {
    auto key = taken(name);
    pairs.emplace_back(std::move(key), taken(value));
    name = value = nullptr;
    at = mosquitto_property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, true);
  }
  return pairs;
}

}  // namespace broadcaster::net
