// MQTT 5 client on the loop (libmosquitto as protocol engine; sockets, timers and reconnects are ours).
//
// The library never holds a message that it could not write now: publish() fails at once when the link is down or the
// window is full, and every connection starts from a fresh engine, so nothing old comes out after a reconnect.
// It reconnects for ever, 0.2 s to 5 s apart with jitter. Thread rule: loop thread; connecting (which resolves names)
// runs on a worker. TCP_NODELAY is on; the broker needs `set_tcp_nodelay true` too, or a round trip takes 88 ms.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/workers.hpp"

namespace broadcaster::net {

enum class Qos : int { at_most_once = 0, at_least_once = 1, exactly_once = 2 };
enum class Retain { no, yes };

using UserProperties = std::vector<std::pair<std::string, std::string>>;

struct MqttMessage {  ///< What came in. The broker has its acknowledgement already: store it before anything else.
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_most_once;
  Retain retain = Retain::no;  ///< yes: the last known state, sent because we subscribed; not a new event.
  UserProperties user_properties;
  std::string response_topic;
  std::string correlation;        ///< Correlation Data (MQTT 5 §3.3.2.3.6).
  std::optional<seconds> expiry;  ///< Message Expiry Interval that is left (§3.3.2.3.3).
};

struct MqttPublish {
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_least_once;
  Retain retain = Retain::no;  ///< A command must never be retained: it would fire again at every subscription.
  std::optional<seconds> expiry;
  UserProperties user_properties;
  std::string response_topic;
  std::string correlation;
  std::string content_type;
};

struct MqttWill {
  std::string topic;
  std::string payload;
  Qos qos = Qos::at_least_once;
  Retain retain = Retain::no;
};

struct MqttOptions {
  std::string host;
  unsigned short port = 1883;
  std::string client_id;            ///< Not empty; two links with the same id throw each other out (reason 142).
  std::string ca_file;              ///< PEM; empty: no TLS.
  std::string cert_file, key_file;  ///< Client certificate; both or neither.
  std::string username, password;
  seconds keepalive{10};      ///< At least 5.
  seconds session_expiry{0};  ///< 0: the broker forgets us when the link ends.
  std::optional<MqttWill> will;
  unsigned window = 20;  ///< Unacknowledged publishes; the broker's Receive Maximum lowers it.
  milliseconds connect_timeout{10000};
  milliseconds first_backoff{200}, last_backoff{5000};
};

struct MqttDown {
  int reason = 0;   ///< MQTT 5 reason code (>= 128) when the broker gave one, else 0.
  std::string why;  ///< English, for the record.
};

/// The broker took it, and nobody is subscribed (MQTT 5 §3.4.2.1).
inline constexpr int no_matching_subscribers = 16;

struct PublishResult {
  enum class Kind {
    acknowledged,  ///< The broker answered: see `reason`. For QoS 0: it was written.
    lost,          ///< The link ended first: the broker may have it or not.
  } kind = Kind::lost;
  int reason = 0;  ///< 0, no_matching_subscribers, or >= 128: refused (MQTT 5 §3.4.2.1).
  bool accepted() const { return kind == Kind::acknowledged && reason < 128; }
};

enum class PublishFailure {
  offline,  ///< No link. Nothing was kept.
  busy,     ///< The window is full or the socket is not writable: see can_publish(). Nothing was kept.
  invalid,  ///< Topic, payload or property that MQTT or this broker does not take. Nothing was kept.
};

struct MqttHandlers {  ///< All optional. Called on the loop, outside the library; they may do anything but block.
  std::move_only_function<void()> on_up;
  /// The link ended, or an attempt to connect failed (so: possibly many times in a row).
  std::move_only_function<void(const MqttDown&)> on_down;
  std::move_only_function<void(MqttMessage)> on_message;
  /// The broker's answer to a subscription: the granted QoS, or >= 128 when refused.
  std::move_only_function<void(const std::string& filter, int reason)> on_subscribed;
  /// can_publish() is true again after publish() said busy.
  std::move_only_function<void()> on_ready;
};

class MqttClient {
 public:
  /// `loop` and `workers` must outlive the client.
  static std::unique_ptr<MqttClient> create(Loop& loop, Workers& workers, MqttOptions options, MqttHandlers handlers);
  /// Says goodbye to the broker (so the will is not sent). `done` of open publishes is not called.
  virtual ~MqttClient() = default;

  virtual void start() = 0;
  virtual bool up() const = 0;
  /// Now and again at every connect, each time with the retained messages. `filter` may have wildcards.
  virtual void subscribe(std::string filter, Qos qos) = 0;
  /// Up, fewer than `window` unacknowledged, and the socket takes bytes.
  virtual bool can_publish() const = 0;
  virtual std::size_t unacknowledged() const = 0;
  /// `done` is called exactly once, never inside publish(), and not at all after a failure.
  virtual std::expected<void, PublishFailure> publish(MqttPublish message,
                                                      std::move_only_function<void(PublishResult)> done) = 0;
};

/// "not authorized (135)" and so on, for the record.
std::string reason_text(int reason);

}  // namespace broadcaster::net
