// Now and then the rows themselves are counted, and held against the counters: page by page, so that nobody waits for
// it; one route after the other.
//
// Thread rule: loop thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "broadcaster/journal/store_thread.hpp"
#include "broadcaster/net/loop.hpp"
#include "broadcaster/service/audit.hpp"

namespace broadcaster::service {

class RowCounter {
 public:
  /// A finding of a route, or nullopt where its rows agree; `key` as in AuditFinding.
  using Told = std::function<void(const AuditedAlert&, delivery::RouteIndex, const std::optional<AuditFinding>&)>;

  RowCounter(net::Loop& loop, journal::StoreThread& store, Told told);
  ~RowCounter();

  /// Counts every route of these alerts once; nothing while the last count is under way.
  void begin(const std::vector<AuditedAlert>& alerts);
  bool busy() const { return !left_.empty(); }

 private:
  struct Route {
    std::shared_ptr<const AuditedAlert> alert;
    delivery::RouteIndex index;
    std::string after;
    RouteCount count;
    enum class Begun { no, yes } begun = Begun::no;
  };
  struct Page;
  void next();
  void take(const base::Result<Page>& page);

  net::Loop& loop_;
  journal::StoreThread& store_;
  Told told_;
  std::deque<Route> left_;  ///< the first is being counted
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::service
