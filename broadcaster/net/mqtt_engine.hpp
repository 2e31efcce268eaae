// For the sources of net/ alone: one connection's worth of libmosquitto, without socket waits, timers or decisions.
//
// The library's callbacks only note events: its own rules forbid publishing, setting callbacks or destroying inside
// them. One engine serves one connection and is thrown away with everything that the library still holds.
// Thread rule: one thread at a time; connect() on a worker, everything else on the loop.
#pragma once

#include <mosquitto.h>

#include <string>
#include <variant>
#include <vector>

#include "broadcaster/net/mqtt.hpp"

namespace broadcaster::net {

struct EngineUp {
  unsigned window;  ///< The broker's Receive Maximum (MQTT 5 §3.2.2.3.3).
};
struct EngineAck {
  int mid;
  int reason;
};
struct EngineSubscribed {
  int mid;
  int reason;
};
using EngineEvent = std::variant<EngineUp, EngineAck, EngineSubscribed, MqttMessage>;

class Engine {
 public:
  explicit Engine(const MqttOptions& options) : options_(options) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Resolves the name and starts to connect. Blocks on the name. False: why() says it.
  bool connect();
  int socket() const { return mosquitto_socket(handle_); }
  bool wants_write() const { return mosquitto_want_write(handle_); }

  /// False: the link is lost, why() and reason() say it.
  bool read();
  bool write();
  bool tick();
  void say_goodbye();

  enum class Taken { yes, link_broke, invalid };
  /// link_broke: the library holds it, and some of it may have left.
  Taken publish(const MqttPublish& message, int& mid);
  bool subscribe(const std::string& filter, Qos qos, int& mid);

  std::vector<EngineEvent> take_events() { return std::exchange(events_, {}); }
  bool has_events() const { return !events_.empty(); }
  /// The broker's reason code when it refused or ended the link, else 0.
  int reason() const { return reason_; }
  const std::string& why() const { return why_; }

 private:
  bool create();
  bool set_up_tls();
  bool set_will();
  bool good(int code);
  bool is_alive();

  static void on_connect(mosquitto*, void* self, int reason, int, const mosquitto_property* properties);
  static void on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*);
  static void on_log(mosquitto*, void* self, int level, const char* text);
  static void on_publish(mosquitto*, void* self, int mid, int reason, const mosquitto_property*);
  static void on_subscribe(mosquitto*, void* self, int mid, int count, const int* granted, const mosquitto_property*);
  static void on_message(mosquitto*, void* self, const mosquitto_message* message, const mosquitto_property*);

  const MqttOptions options_;
  mosquitto* handle_ = nullptr;
  std::vector<EngineEvent> events_;
  bool up_ = false;
  int reason_ = 0;
  std::string why_;
  std::string complaint_;  ///< The library's last error line.
};

}  // namespace broadcaster::net
