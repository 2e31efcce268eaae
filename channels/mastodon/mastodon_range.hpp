// A Mastodon server as far as a broadcaster meets it (docs.joinmastodon.org): tokens, the idempotency key, limits.
//
//   POST /api/v1/statuses (JSON or form) · GET /api/v1/statuses/:id · GET /api/v1/accounts/verify_credentials
//   GET /api/v1/accounts/:id/statuses?limit= · a reply (in_reply_to_id) to a post that is not there: 404
// A key is remembered for an hour and gives the first status again; 300 requests in 5 minutes an account, then 429 with
// X-RateLimit-Reset in ISO 8601; 500 characters, a link counts 23. Thread rule: loop thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "channels/range/range_side.hpp"

namespace broadcaster::channels::mastodon {

struct Account {
  std::string token;
  std::string name;  ///< "tirtapura_drill"
};

class MastodonRange final : public RangeSide {
 public:
  static constexpr std::size_t most_characters = 500;
  static constexpr int most_requests = 300;

  MastodonRange(SeenBook& seen, std::vector<Account> accounts);
  std::string_view name() const override { return "mastodon"; }
  RangeAnswer handle(const net::ServerRequest& request, base::WallTime now) override;

 private:
  struct Status {
    std::string id;
    std::size_t account = 0;
    std::string text;
    std::string language;
    std::string visibility;
    std::string reply_to;  ///< id; empty: it begins a thread
    base::WallTime at;
  };
  struct Remembered {
    std::size_t status = 0;  ///< index into statuses_
    base::WallTime at;
  };

  const Account* account_of(const net::ServerRequest& request) const;
  RangeAnswer post(const net::ServerRequest& request, std::size_t account, base::WallTime now);
  RangeAnswer timeline(const net::ServerRequest& request, std::size_t account) const;
  std::string json_of(const Status& status) const;
  int left(std::size_t account, base::WallTime now);

  SeenBook& seen_;
  const std::vector<Account> accounts_;
  std::vector<Status> statuses_;
  std::map<std::pair<std::size_t, std::string>, Remembered> keys_;
  std::map<std::size_t, std::deque<base::WallTime>> requests_;
};

}  // namespace broadcaster::channels::mastodon
