// Mastodon and servers that speak its API: one post a language on one account.
//
//   POST /api/v1/statuses                 the post, with Idempotency-Key = attempt.key; a follow-up is a reply to what
//                                         it follows (in_reply_to_id), and a post of its own where that is gone
//   GET  /api/v1/statuses/:id             the read-back: only a post that shows the text as sent is confirmed
//   GET  /api/v1/accounts/verify_credentials, then /api/v1/accounts/:id/statuses: is an unknown post there?
//
// The key is honoured for up to an hour by Mastodon (docs.joinmastodon.org/methods/statuses), and by GoToSocial not at
// all: so SENT is committed before the byte, and an unknown post is looked for before the same key goes out again.
// Settings: url (the server), token (secret), visibility (public, unlisted, private; default public).
#pragma once

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::mastodon {

struct Settings {
  std::string url;  ///< without a slash at its end
  std::string token;
  std::string visibility = "public";
};

std::unique_ptr<HttpChannel> http_channel(plan::EndpointName endpoint, Settings settings);

/// The line of the channel table.
ChannelKind kind();

}  // namespace broadcaster::channels::mastodon
