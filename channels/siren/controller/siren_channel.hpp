// The channel itself, over any MqttClient. Thread rule: loop thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "channels/channel.hpp"
#include "channels/siren/controller/counter.hpp"
#include "channels/siren/controller/orders.hpp"
#include "channels/siren/controller/sent_log.hpp"
#include "channels/siren/controller/settings.hpp"
#include "channels/siren/protocol/answers.hpp"

namespace broadcaster::channels::siren {

/// Makes the link; tests hand in one of their own.
using Connect = std::move_only_function<std::unique_ptr<net::MqttClient>(net::MqttOptions, net::MqttHandlers)>;

class SirenChannel final : public Channel {
 public:
  SirenChannel(plan::EndpointName endpoint, Settings settings, ChannelTools& tools, Connect connect);
  ~SirenChannel() override;

  void open() override;
  std::size_t room() const override;
  void start(std::vector<delivery::Attempt> batch) override;
  Reachability reachability() const override;

 private:
  struct Waiting {
    delivery::AttemptId attempt;
    std::uint64_t counter = 0;  ///< of the command that it waits for
  };
  using Refs = std::vector<std::string>;

  net::MqttHandlers handlers();
  void carry_out(const Order& order, const std::vector<delivery::Attempt>& batch);
  std::optional<delivery::Outcome> publish(const std::string& topic, const Command& command, base::WallTime now,
                                           const Refs& refs);
  void on_puback(const Refs& refs, std::uint64_t counter, const net::PublishResult& result);
  void on_silence(const Refs& refs, std::uint64_t counter);
  void finish(const std::string& ref, delivery::Outcome outcome);
  void finish_all(const Refs& refs, std::uint64_t counter, const delivery::Outcome& outcome);

  void on_message(const net::MqttMessage& message);
  void on_ack(const Ack& ack);
  void on_rejection(const Ack& ack);
  void prove(const Ack& ack);
  void on_online(const std::string& siren, const Online& online);
  void alarm(const std::string& key, std::optional<base::Text> text);

  const plan::EndpointName endpoint_;
  const Settings settings_;
  ChannelTools& tools_;
  std::shared_ptr<CommandCounter> counter_;
  std::unique_ptr<net::MqttClient> link_;
  std::map<std::string, Waiting> waiting_;  ///< by reference
  SentLog log_;
  std::map<std::string, std::string> sessions_;  ///< of each siren, as it last said it is online
  std::map<std::string, base::Text> alarms_;     ///< open
  std::size_t window_;
  enum class Link { unknown, up, down } seen_ = Link::unknown;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::channels::siren
