// One endpoint as the engine sees it: its pace, and the rows between their intent and their place in flight.
//
// A commit takes as long as a disk needs, and a fast gateway has answered its whole window by then. So that no place
// stands empty meanwhile, rows are intended ahead of it: as many as the endpoint answered while the last commit ran.
// Slow ones get none: what is intended and not sent is in doubt after a crash, and the next start must ask about it.
// In doubt are at most the windows of all endpoints, and `most_ahead`.
// Thread rule: plain value; the engine's thread.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "broadcaster/delivery/ids.hpp"
#include "broadcaster/dispatch/pace.hpp"
#include "broadcaster/dispatch/retry_budget.hpp"

namespace broadcaster::dispatch {

class Lane {
 public:
  /// Rows without a place, of all endpoints together.
  static constexpr int most_ahead = 64;
  /// Fewer answers than this during a commit, and the window alone keeps the endpoint busy.
  static constexpr int least_answers = 8;
  /// A ready row whose place does not come goes back: it must not stand in doubt behind a gate that has closed.
  static constexpr base::milliseconds patience = std::chrono::seconds(1);

  Lane(int rate_per_second, int in_flight) : pace(rate_per_second, in_flight) {}

  Pace pace;
  RetryBudget budget;

  // How fast it answers
  void answered() { ++answers_; }
  void commit_begins() { last_answers_ = std::exchange(answers_, 0); }
  /// How many rows may be ahead of their place.
  int reach() const {
    const int answers = std::max(last_answers_, answers_);
    return answers < least_answers ? 0 : std::min(answers, most_ahead);
  }

  /// Intended without a place: those that are ready, and those whose intent is being written.
  int ahead = 0;

  // Rows whose intent is on disk, and that have no place yet: the most urgent first, then as they came.
  struct Ready {
    plan::Priority priority;
    base::MonoTime since;
    delivery::DeliveryId id;
  };
  const std::vector<Ready>& ready() const { return ready_; }
  void add_ready(Ready row) {
    const auto behind = std::upper_bound(ready_.begin(), ready_.end(), row,
                                         [](const Ready& a, const Ready& b) { return a.priority < b.priority; });
    ready_.insert(behind, row);
  }
  void remove_ready(delivery::DeliveryId id) {
    std::erase_if(ready_, [&](const Ready& row) { return row.id == id; });
  }

 private:
  int answers_ = 0;  ///< since the last commit began
  int last_answers_ = 0;
  std::vector<Ready> ready_;
};

}  // namespace broadcaster::dispatch
