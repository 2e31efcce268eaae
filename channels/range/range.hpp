// The drill range: the far sides of every channel under one HTTP address, an SMPP operator beside it, and what the
// public sees as one page.
//
//   /mastodon/…  /webhook/…  /cap_feed/…   the sides
//   POST /faults                  what goes wrong next (range/faults.hpp); 204, or 400
//   GET  /seen.json?after=N       {"next", "dropped", "seen": [{where, who, from, text, language, at}]}, at most 2,000
//   GET  /?lang=id                the page
// It serves loopback and holds no credential but the range's own. Thread rule: loop thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channels/mastodon/mastodon_range.hpp"
#include "channels/range/range_side.hpp"
#include "channels/sms/smsc/smsc.hpp"
#include "channels/webhook/webhook.hpp"

namespace broadcaster::channels {

struct RangeOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0 takes a free one
  std::vector<mastodon::Account> accounts;
  std::string webhook_secret;  ///< "whsec_…"; empty: no /webhook
  sms::smsc::Options smsc;
  std::string language = "en";  ///< of the page, when its address does not say
};

class Range {
 public:
  /// Errors: unavailable (net.cannot_listen); bad_input (channels.range.webhook_secret).
  static base::Result<std::unique_ptr<Range>> listen(net::Loop& loop, const base::Clock& clock, RangeOptions options);
  virtual ~Range() = default;

  virtual unsigned short port() const = 0;
  virtual unsigned short smsc_port() const = 0;
  virtual sms::smsc::Smsc& smsc() = 0;
  virtual const SeenBook& seen() const = 0;
};

}  // namespace broadcaster::channels
