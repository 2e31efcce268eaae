// An endpoint's settings, checked. Thread rule: plain values; reading secrets blocks.
#pragma once

#include <chrono>
#include <span>

#include "broadcaster/net/mqtt.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "channels/siren/controller/orders.hpp"
#include "channels/siren/protocol/keys.hpp"

namespace broadcaster::channels::siren {

struct Settings {
  Controller controller;
  net::MqttOptions broker;
  SigningKey key;
  std::chrono::seconds ack_timeout{2};
};

std::span<const plan::Setting> setting_table();
/// Errors: bad_input for what cannot work, unavailable for a secret that cannot be read.
base::Result<Settings> read_settings(const plan::Endpoint& endpoint, const std::string& config_folder);

}  // namespace broadcaster::channels::siren
