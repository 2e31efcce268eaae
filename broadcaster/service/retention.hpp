// Phone numbers go by themselves, so long after their alert has ended as the agency's policy says.
//
// Once a day, by the same erasure as `record erase` (journal/erasure.hpp): the chain stays valid, and what was done is
// on the record with who wanted it: the policy. Only where something is to go; never while an alert is still being
// sent, which the disk is for then. A failure is an alarm, and tried again within the hour. When it was done last is
// kept in the state. Off without a policy: what was erased does not come back, and how long an agency must keep its
// evidence is its own to say. Thread rule: loop thread; when_next() is pure.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "broadcaster/dispatch/driver.hpp"
#include "broadcaster/journal/erasure.hpp"
#include "broadcaster/journal/store_thread.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::service {

constexpr std::chrono::hours retention_every{24};

/// A day after the last time, and not later than a day from now, whatever a clock said then.
base::WallTime when_next(std::optional<base::WallTime> last, base::WallTime now);

struct RetentionTools {
  net::Loop& loop;
  journal::StoreThread& store;
  dispatch::Driver& driver;
  const base::Clock& clock;
};

class Retention {
 public:
  /// `keep`: so long after an alert has ended.
  Retention(RetentionTools tools, std::chrono::days keep);
  ~Retention();
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

  /// Reads when it was done last, and does it when it is due.
  void start();
  /// For `status`: {"keep_days", "last"?, "next"?}; "next" is there from when the state has been read.
  boost::json::value json() const;

 private:
  void wait_until(base::WallTime at);
  void look();
  void try_out(base::WallTime before);
  void erase(base::WallTime before);
  void did(const base::Result<void>& done);

  RetentionTools tools_;
  const std::chrono::days keep_;
  std::optional<base::WallTime> last_, next_;
  std::optional<net::TimerId> timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
