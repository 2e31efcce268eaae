// SMS through a Kannel gateway (kannel.org user guide 1.4.5, chapter 7 "sendsms"): one request, one phone.
//
// A POST with X-Kannel-* headers, because its body is sent once at most by our client and appears in no access log.
// Kannel has no idempotency key: SENT is committed before the byte, and a lost answer is unknown. The way back is the
// delivery report, a GET to our hook that Kannel fills in; it carries the try, and a token that nobody without the
// gateway's password can make. Kannel asks the operator for one report a message, of its first part (measured), so no
// report confirms a long message: it stays accepted. Settings: url (of smsbox, as http://127.0.0.1:13013), username,
// password (secret), sender, smsc (optional: the id of the operator's link, when the gateway has several).
#pragma once

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::sms {

struct Settings {
  std::string url;  ///< without a slash at its end
  std::string username;
  std::string password;
  std::string sender;
  std::string smsc;       ///< empty: the gateway chooses
  std::string hooks_url;  ///< as in ChannelTools
};

std::unique_ptr<HttpChannel> http_channel(plan::EndpointName endpoint, Settings settings);

/// The line of the channel table.
ChannelKind kind();

}  // namespace broadcaster::channels::sms
