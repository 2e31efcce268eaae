// For the sources of net/ alone: a list of MQTT 5 properties (§2.2.2), freed on every way out.
#pragma once

#include <mosquitto.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broadcaster/net/mqtt.hpp"

namespace broadcaster::net {

/// Adding is remembered as failed() when a value is not allowed (no UTF-8, longer than 65,535 bytes).
class Properties {
 public:
  Properties() = default;
  ~Properties() { mosquitto_property_free_all(&list_); }
  Properties(const Properties&) = delete;
  Properties& operator=(const Properties&) = delete;

  void add_seconds(int id, seconds value);
  void add_text(int id, const std::string& text);
  void add_binary(int id, const std::string& data);
  void add_pairs(const UserProperties& pairs);

  const mosquitto_property* get() const { return list_; }
  bool failed() const { return failed_; }

 private:
  void note(int code) { failed_ = failed_ || code != MOSQ_ERR_SUCCESS; }
  mosquitto_property* list_ = nullptr;
  bool failed_ = false;
};

std::optional<seconds> read_seconds(const mosquitto_property* list, int id);
std::string read_text(const mosquitto_property* list, int id);
std::string read_binary(const mosquitto_property* list, int id);
UserProperties read_pairs(const mosquitto_property* list);

}  // namespace broadcaster::net
