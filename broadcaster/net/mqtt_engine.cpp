#include "broadcaster/net/mqtt_engine.hpp"

#include <fmt/format.h>
#include <mqtt_protocol.h>
#include <openssl/err.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "broadcaster/net/mqtt_properties.hpp"

namespace broadcaster::net {
namespace {

Engine& engine(void* self) { return *static_cast<Engine*>(self); }

/// mosquitto_strerror() tells errno's text for some codes, often "Success".
std::string text_of(int code, int system) {
  if (code == MOSQ_ERR_ERRNO && system != 0) return fmt::format("{} (mosquitto {})", std::strerror(system), code);
  if (code == MOSQ_ERR_ERRNO) return fmt::format("the connection broke (mosquitto {})", code);
  if (code == MOSQ_ERR_EAI) return fmt::format("the name has no address (mosquitto {})", code);
  return fmt::format("{} (mosquitto {})", mosquitto_strerror(code), code);
}

}  // namespace

Engine::~Engine() {
  if (handle_ != nullptr) mosquitto_destroy(handle_);
}

// OpenSSL keeps errors in a queue of the thread, and SSL_get_error() looks into it (SSL_get_error(3): it must be empty
// before the call). Other users of OpenSSL share this thread, so it is emptied before each call into the library: an
// error that somebody else left there must not be taken for one of this link.

bool Engine::read() {
  ERR_clear_error();
  return good(mosquitto_loop_read(handle_, 1)) && (up_ || is_alive());
}

bool Engine::write() {
  ERR_clear_error();
  return good(mosquitto_loop_write(handle_, 1));
}

bool Engine::tick() {
  ERR_clear_error();
  return good(mosquitto_loop_misc(handle_));
}

void Engine::say_goodbye() {
  ERR_clear_error();
  mosquitto_disconnect_v5(handle_, 0, nullptr);
}

bool Engine::connect() {
  if (!create()) return false;
  // The library takes CONNECT properties only here, in a call that would block: without a host it keeps them and
  // stops at once.
  Properties properties;
  properties.add_seconds(MQTT_PROP_SESSION_EXPIRY_INTERVAL, options_.session_expiry);
  const int keepalive = static_cast<int>(options_.keepalive.count());
  mosquitto_connect_bind_v5(handle_, nullptr, options_.port, keepalive, nullptr, properties.get());
  errno = 0;
  ERR_clear_error();
  if (!good(mosquitto_connect_async(handle_, options_.host.c_str(), options_.port, keepalive))) return false;
  return is_alive();
}

/// With TLS the library takes a refused connection for a pending one, and reading from it gives success for ever while
/// the socket is always readable: the loop would spin. The kernel knows better.
bool Engine::is_alive() {
  pollfd state{socket(), 0, 0};
  if (state.fd >= 0 && ::poll(&state, 1, 0) == 0) return true;
  if (why_.empty()) why_ = "the connection was refused or broke before it was up";
  return false;
}

bool Engine::create() {
  const bool clean = options_.session_expiry.count() == 0;
  handle_ = mosquitto_new(options_.client_id.c_str(), clean, this);
  if (handle_ == nullptr) return good(MOSQ_ERR_NOMEM);
  mosquitto_int_option(handle_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
  mosquitto_int_option(handle_, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_int_option(handle_, MOSQ_OPT_SEND_MAXIMUM, static_cast<int>(std::clamp(options_.window, 1u, 65535u)));
  mosquitto_log_callback_set(handle_, &Engine::on_log);
  mosquitto_connect_v5_callback_set(handle_, &Engine::on_connect);
  mosquitto_disconnect_v5_callback_set(handle_, &Engine::on_disconnect);
  mosquitto_publish_v5_callback_set(handle_, &Engine::on_publish);
  mosquitto_subscribe_v5_callback_set(handle_, &Engine::on_subscribe);
  mosquitto_message_v5_callback_set(handle_, &Engine::on_message);
  if (!options_.username.empty() &&
      !good(mosquitto_username_pw_set(handle_, options_.username.c_str(), options_.password.c_str())))
    return false;
  return set_up_tls() && set_will();
}

bool Engine::set_up_tls() {
  if (options_.ca_file.empty()) return true;
  const auto or_null = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
  return good(mosquitto_tls_set(handle_, options_.ca_file.c_str(), nullptr, or_null(options_.cert_file),
                                or_null(options_.key_file), nullptr)) &&
         good(mosquitto_tls_opts_set(handle_, 1 /* SSL_VERIFY_PEER */, nullptr, nullptr)) &&
         good(mosquitto_tls_insecure_set(handle_, false));
}

bool Engine::set_will() {
  if (!options_.will) return true;
  const auto& will = *options_.will;
  return good(mosquitto_will_set_v5(handle_, will.topic.c_str(), static_cast<int>(will.payload.size()),
                                    will.payload.data(), static_cast<int>(will.qos), will.retain == Retain::yes,
                                    nullptr));
}

/// Not every loss comes with a callback: the return code is what counts.
bool Engine::good(int code) {
  if (code == MOSQ_ERR_SUCCESS) return true;
  const int system = errno;
  if (why_.empty()) why_ = text_of(code, system) + (complaint_.empty() ? "" : ": " + complaint_);
  return false;
}

Engine::Taken Engine::publish(const MqttPublish& message, int& mid) {
  Properties properties;
  if (message.expiry) properties.add_seconds(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, *message.expiry);
  if (!message.content_type.empty()) properties.add_text(MQTT_PROP_CONTENT_TYPE, message.content_type);
  if (!message.response_topic.empty()) properties.add_text(MQTT_PROP_RESPONSE_TOPIC, message.response_topic);
  if (!message.correlation.empty()) properties.add_binary(MQTT_PROP_CORRELATION_DATA, message.correlation);
  properties.add_pairs(message.user_properties);
  if (properties.failed() || message.topic.empty()) return Taken::invalid;
  errno = 0;
  ERR_clear_error();
  const int code = mosquitto_publish_v5(handle_, &mid, message.topic.c_str(), static_cast<int>(message.payload.size()),
                                        message.payload.data(), static_cast<int>(message.qos),
                                        message.retain == Retain::yes, properties.get());
  switch (static_cast<mosq_err_t>(code)) {
    case MOSQ_ERR_SUCCESS:
      return Taken::yes;
    case MOSQ_ERR_INVAL:
    case MOSQ_ERR_PROTOCOL:
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_DUPLICATE_PROPERTY:
    case MOSQ_ERR_QOS_NOT_SUPPORTED:
    case MOSQ_ERR_OVERSIZE_PACKET:
    case MOSQ_ERR_NOT_SUPPORTED:
    case MOSQ_ERR_RETAIN_NOT_SUPPORTED:
      return Taken::invalid;
    default:  // the library's codes, not an enum of ours: whatever else, the message is in its hands
      good(code);
      return Taken::link_broke;
  }
}

bool Engine::subscribe(const std::string& filter, Qos qos, int& mid) {
  ERR_clear_error();
  return good(mosquitto_subscribe_v5(handle_, &mid, filter.c_str(), static_cast<int>(qos), 0, nullptr));
}

void Engine::on_connect(mosquitto*, void* self, int reason, int, const mosquitto_property* properties) {
  auto& e = engine(self);
  if (reason != 0) {
    e.reason_ = reason;
    e.why_ = "the broker refused: " + reason_text(reason);
    return;
  }
  e.up_ = true;
  std::uint16_t window = 65535;  // MQTT 5 §3.2.2.3.3: its default
  mosquitto_property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM, &window, false);
  e.events_.emplace_back(EngineUp{window});
}

void Engine::on_disconnect(mosquitto*, void* self, int reason, const mosquitto_property*) {
  auto& e = engine(self);
  if (reason < 128 || e.reason_ != 0) return;  // smaller ones are the library's own codes
  e.reason_ = reason;
  e.why_ = "the broker ended the link: " + reason_text(reason);
}

/// OpenSSL's own words, such as "certificate verify failed", come only here.
void Engine::on_log(mosquitto*, void* self, int level, const char* text) {
  if (level == MOSQ_LOG_ERR) engine(self).complaint_ = text;
}

void Engine::on_publish(mosquitto*, void* self, int mid, int reason, const mosquitto_property*) {
  engine(self).events_.emplace_back(EngineAck{mid, reason});
}

void Engine::on_subscribe(mosquitto*, void* self, int mid, int count, const int* granted, const mosquitto_property*) {
  engine(self).events_.emplace_back(EngineSubscribed{mid, count > 0 ? granted[0] : 128});
}

void Engine::on_message(mosquitto*, void* self, const mosquitto_message* message, const mosquitto_property* list) {
  MqttMessage out;
  out.topic = message->topic;
  if (message->payloadlen > 0)
    out.payload.assign(static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen));
  out.qos = static_cast<Qos>(message->qos);
  out.retain = message->retain ? Retain::yes : Retain::no;
  out.user_properties = read_pairs(list);
  out.response_topic = read_text(list, MQTT_PROP_RESPONSE_TOPIC);
  out.correlation = read_binary(list, MQTT_PROP_CORRELATION_DATA);
  out.expiry = read_seconds(list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL);
  engine(self).events_.emplace_back(std::move(out));
}

}  // namespace broadcaster::net
