// What a channel's far side answers in the drill range: the public's view of a network, and faults on demand.
//
// Each channel folder has its own range side; `broadcaster range` serves them all under one address. It is a peer of
// ours written from the vendor's page: it shows that both agree, not that the platform does. Thread rule: loop thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "broadcaster/net/server.hpp"

namespace broadcaster::channels {

/// What the public sees, in order of arrival: posts on timelines, messages on phones, events at partners.
struct Seen {
  std::string where;  ///< "mastodon", "phone", "webhook"
  std::string who;    ///< account, phone number, or receiver
  std::string from;   ///< account name or SMS sender
  std::string text;
  std::string language;
  base::WallTime at;
  std::string id = {};        ///< of a post, at its network
  std::string reply_to = {};  ///< id of the post that it replies to
};

/// The one book of what was seen; JSON for programs, a page for people (range/page.hpp). Entries keep their index.
class SeenBook {
 public:
  /// Half a million messages are some 200 MB; what comes after them is counted alone.
  static constexpr std::size_t most = 500'000;
  void add(Seen seen) {
    if (seen_.size() < most)
      seen_.push_back(std::move(seen));
    else
      ++dropped_;
  }
  const std::vector<Seen>& all() const { return seen_; }
  std::size_t dropped() const { return dropped_; }

 private:
  std::vector<Seen> seen_;
  std::size_t dropped_ = 0;
};

/// What goes wrong on demand, for the next `times` requests to a side (POST /faults).
struct Fault {
  enum class Kind {
    status,             ///< `status` instead of an answer; nothing is done
    no_answer,          ///< nothing is done, nothing is said, the connection stays
    close,              ///< nothing is done, the connection is closed
    reset,              ///< nothing is done, the connection is reset
    half_answer,        ///< it is done, and half of the answer goes out
    accept_then_close,  ///< it is done, and the answer is lost
    delay,              ///< it is done and answered, later
    rewrite,            ///< it is done, and what is shown of it says `to` instead of `from`
  } kind = Kind::status;
  int status = 500;
  std::string retry_after;  ///< Retry-After of a refusal; with 429 seconds become X-RateLimit-Reset in ISO 8601
  base::milliseconds delay{0};
  int times = 1;
  std::string from, to;  ///< rewrite
  std::string method;    ///< only requests with this method; empty: all
};

struct RangeAnswer {
  int status = 200;
  net::Headers headers;
  std::string body;
};

/// Pure but for its own memory: the range carries requests in and answers out, and puts the faults between them.
class RangeSide {
 public:
  virtual ~RangeSide() = default;
  virtual std::string_view name() const = 0;
  /// A request to /<name>/…; `request.target` has the prefix taken off.
  virtual RangeAnswer handle(const net::ServerRequest& request, base::WallTime now) = 0;
};

}  // namespace broadcaster::channels
