// The siren channel: signed commands over MQTT 5, acknowledgements as evidence. PROTOCOL.md has the wire format.
//
//   broker: localhost:8883    ca: ca.pem    certificate: controller.pem    key: controller.key
//   site: tirtapura           controller: tirtapura-drill    signing_key: file:drill-command.seed
//   ack_timeout: 2            seconds until an answer counts as missing; groups get their spread on top
//
// An attempt is accepted when the siren itself said so: the broker's acknowledgement proves nothing. No answer in time
// is `unknown`, and sending again is harmless (same command id). Thread rule: loop thread.
#pragma once

#include "channels/channel.hpp"

namespace broadcaster::channels::siren {

ChannelKind kind();

}  // namespace broadcaster::channels::siren
