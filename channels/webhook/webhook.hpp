// Signed events to a partner's address, as Standard Webhooks describes (github.com/standard-webhooks).
//
//   webhook-id: attempt.key         the same over retries: the receiver drops what it has
//   webhook-timestamp: epoch seconds of this try, against replays
//   webhook-signature: v1,<base64 of HMAC-SHA-256(secret, "id.timestamp.body")>
//   {"type": "alert.issued" | "alert.ended", "timestamp": time of issue, "data": {identifier, code, mode, hazard,
//    language, zone, text, expires}}
// A 2xx says that the partner has it, not that anybody read it: accepted, never confirmed.
// Settings: url, secret ("whsec_…", a secret by reference).
#pragma once

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::webhook {

struct Settings {
  std::string url;
  base::Bytes key;
};

/// "whsec_" and base64 of 24 to 64 bytes. nullopt for anything else.
std::optional<base::Bytes> key_of(std::string_view secret);
/// The value of webhook-signature.
std::string signature(const base::Bytes& key, std::string_view id, std::string_view timestamp, std::string_view body);

std::unique_ptr<HttpChannel> http_channel(Settings settings);

/// The line of the channel table.
ChannelKind kind();

}  // namespace broadcaster::channels::webhook
