// What a channel's far side answers in the drill range: the public's view of a network, and faults on demand.
//
// Each channel folder has its own range side; `broadcaster range` serves them all under one address. It is a peer of ours
// written from the vendor's page: it shows that both agree, not that the platform does. Thread rule: loop thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "broadcaster/net/loop.hpp"
#include "broadcaster/net/server.hpp"

namespace broadcaster::channels {

/// What the public sees, in order of arrival: posts on timelines, messages on phones, events at partners.
struct Seen {
  std::string where;   ///< "mastodon", "phone", "webhook"
  std::string who;     ///< account, phone number, or receiver
  std::string from;    ///< account name or SMS sender
  std::string text;
  std::string language;
  base::WallTime at;
};

/// The one book of what was seen; JSON for programs, a page for people (range/page.hpp).
class SeenBook {
 public:
  void add(Seen seen) { seen_.push_back(std::move(seen)); }
  const std::vector<Seen>& all() const { return seen_; }

 private:
  std::vector<Seen> seen_;
};

/// What goes wrong on demand, for the next `times` requests to a side (POST /faults).
struct Fault {
  enum class Kind { status, no_answer, close, reset, half_answer, accept_then_close, delay } kind = Kind::status;
  int status = 500;
  std::string retry_after;  ///< header value for 429 and 503
  base::milliseconds delay{0};
  int times = 1;
};

class RangeSide {
 public:
  virtual ~RangeSide() = default;
  virtual std::string_view name() const = 0;
  /// A request to /<name>/…; `request.target` has the prefix taken off.
  virtual void handle(net::ServerRequest request, net::Responder responder) = 0;
};

}  // namespace broadcaster::channels
