// While an owner sends, it looks at the fence every second: has another machine taken over?
//
// The looking has a thread of its own, which is left behind where the place never answers: neither the loop nor the end
// of the process waits for a server that is gone. A look that takes longer than `patience` is trouble too.
// A process that slept (a suspended laptop, a stopped machine) wakes with work that is due, and must look before it
// goes on: fresh() says whether the last look is of now, by both clocks. Trouble counts as a look: who cannot see goes
// on.
// Thread rule: loop thread; the handlers are called there.
#pragma once

#include <functional>
#include <memory>

#include "broadcaster/net/loop.hpp"
#include "broadcaster/service/fence.hpp"
#include "broadcaster/service/standing.hpp"

namespace broadcaster::service {

class FenceWatch {
 public:
  struct Handlers {
    /// Another machine has taken over; called once, and nothing is looked at any more.
    std::function<void(const FenceMark&)> on_fenced;
    /// After every other look: the place cannot be read, or it can (nullopt).
    std::function<void(const std::optional<base::Text>&)> on_trouble;
  };
  static constexpr base::milliseconds look_every{1000};
  static constexpr base::milliseconds patience{5000};
  /// Between two looks that come on time, and some for a loop that is busy.
  static constexpr base::milliseconds stale_after = look_every + patience + base::milliseconds(1000);

  FenceWatch(net::Loop& loop, const base::Clock& clock, Fence fence, Standing standing, Handlers handlers);
  ~FenceWatch();

  /// The owner has just looked; the next look is now.
  void start();
  bool fresh() const;

 private:
  struct Link;
  void look();
  void take(const Fence::Owner& seen);
  void late();

  net::Loop& loop_;
  const base::Clock& clock_;
  const Fence fence_;
  const Standing standing_;
  const Handlers handlers_;
  base::Now looked_{};
  std::optional<net::TimerId> timer_;  ///< of the next look, or of one that is late
  const std::shared_ptr<Link> link_;   ///< what a thread that was left behind may still touch
};

}  // namespace broadcaster::service
