#include "channels/siren/agent/outbox.hpp"

#include <algorithm>

namespace broadcaster::channels::siren {

void Outbox::put(std::string topic, std::string payload) {
  if (entries_.size() >= max_entries) entries_.pop_front();
  entries_.push_back({++last_id_, std::move(topic), std::move(payload)});
  flush();
}

void Outbox::flush() {
  for (auto& entry : entries_) {
    if (entry.on_the_way) continue;
    net::MqttPublish message;
    message.topic = entry.topic;
    message.payload = entry.payload;
    message.content_type = "application/json";
    const auto sent = link_.publish(std::move(message), [this, id = entry.id](net::PublishResult result) {
      const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.id == id; });
      if (at == entries_.end()) return;
      // A refusal (an access list that is wrong) is final; only what was lost is worth a second try.
      if (result.kind == net::PublishResult::Kind::acknowledged)
        entries_.erase(at);
      else
        at->on_the_way = false;
    });
    if (!sent) return;
    entry.on_the_way = true;
  }
}

void Outbox::link_ended() {
  for (auto& entry : entries_) entry.on_the_way = false;
}

}  // namespace broadcaster::channels::siren
