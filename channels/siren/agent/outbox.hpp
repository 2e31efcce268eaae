// Acknowledgements that the broker does not have yet. They survive a broker's restart, in order, at least once: a
// repeated answer is harmless. Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "broadcaster/net/mqtt.hpp"

namespace broadcaster::channels::siren {

class Outbox {
 public:
  explicit Outbox(net::MqttClient& link) : link_(link) {}
  void put(std::string topic, std::string payload);
  /// Sends what the link takes now. Call when it comes up or is ready again.
  void flush();
  /// The link ended: what was on its way may be lost.
  void link_ended();

 private:
  struct Entry {
    std::uint64_t id;
    std::string topic, payload;
    bool on_the_way = false;
  };
  /// Older ones are dropped: the retained state still tells how the last activation ended.
  static constexpr std::size_t max_entries = 1000;

  net::MqttClient& link_;
  std::deque<Entry> entries_;
  std::uint64_t last_id_ = 0;
};

}  // namespace broadcaster::channels::siren
