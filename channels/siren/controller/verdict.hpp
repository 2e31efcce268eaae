// What a siren's answer means for the delivery. Pure tables. Thread rule: plain functions.
#pragma once

#include <optional>

#include "broadcaster/delivery/evidence.hpp"
#include "broadcaster/delivery/outcome.hpp"
#include "broadcaster/net/mqtt.hpp"
#include "channels/siren/protocol/answers.hpp"

namespace broadcaster::channels::siren {

/// "<cmd_id>/<siren>": the reference of a delivery, known to both sides without a table.
std::string reference(const std::string& cmd_id, const std::string& siren);

/// Of an attempt that waits for this answer.
delivery::Outcome outcome(const Ack& ack);

/// `accepted` proves that it was taken; `sounding` and `done` that it sounded. nullopt: a rejection proves nothing.
std::optional<delivery::Evidence> evidence(const Ack& ack, const plan::EndpointName& endpoint, base::WallTime at);

/// A clock that is further off than this makes commands fail, and is reported. The siren's own `at` tells.
inline constexpr std::chrono::seconds clock_tolerance{30};
bool clock_is_off(const Ack& ack, base::WallTime now);

/// Of a publish that the link did not take: what it can never take is the message's fault, the rest passes.
delivery::Outcome outcome(net::PublishFailure failure);

/// Of the broker's answer to a publish; nullopt: wait for the siren.
std::optional<delivery::Outcome> outcome(int puback_reason);

}  // namespace broadcaster::channels::siren
