// How long a loop was held at worst, seen by a ticker on it.
#pragma once

#include <algorithm>
#include <functional>

#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

/// No peer, however bad, may hold a loop for longer (DESIGN §5: 5 ms a turn; a shared machine adds its own).
inline constexpr milliseconds longest_stall{50};

class Ticker {
 public:
  explicit Ticker(Loop& loop) : loop_(loop), last_(loop.now()) { tick(); }
  ~Ticker() { loop_.cancel(next_); }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  milliseconds worst() const { return worst_; }

 private:
  static constexpr milliseconds every{5};
  void tick() {
    next_ = loop_.after(every, [this] {
      const auto now = loop_.now();
      worst_ = std::max(worst_, std::chrono::duration_cast<milliseconds>(now - last_) - every);
      last_ = now;
      tick();
    });
  }
  Loop& loop_;
  base::MonoTime last_;
  TimerId next_{};
  milliseconds worst_{0};
};

/// The worst stall while `play` runs the loop. Of three plays the best: a machine that is busy elsewhere takes the
/// processor away from all of them alike, a loop that waits for a peer stalls in each.
inline milliseconds stall(Loop& loop, const std::function<void()>& play) {
  milliseconds best = milliseconds::max();
  for (int n = 0; n < 3 && best >= longest_stall; ++n) {
    const Ticker ticker(loop);
    play();
    best = std::min(best, ticker.worst());
  }
  return best;
}

}  // namespace broadcaster::net
