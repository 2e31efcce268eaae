// The event loop: one thread on which all decisions and all sockets live.
//
// Thread rule: everything is for the thread that calls run() (before run(): for the thread that set it up), unless a
// method says "any thread". Nothing on it may take longer than 5 ms; the watchdog counts what does.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "broadcaster/base/time.hpp"

namespace broadcaster::net {

using base::milliseconds;
using base::seconds;

/// Names a timer that has not fired yet. Never reused.
enum class TimerId : std::uint64_t {};

class Loop {
 public:
  using Task = std::move_only_function<void()>;

  /// Also makes the process ignore SIGPIPE: a peer that hangs up is an error code, not an end.
  static std::unique_ptr<Loop> create();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Returns after stop(). May be called again; what is still waiting then goes on.
  void run();
  /// Any thread. The handler that runs is finished first.
  void stop();
  /// Any thread. In the order of the calls; never inside the call itself.
  void post(Task task);

  /// Calls `task` once, not before `delay` has passed. A negative delay counts as zero; never inside the call itself.
  TimerId after(milliseconds delay, Task task);
  /// Nothing happens for a timer that has fired or was cancelled.
  void cancel(TimerId timer);

  /// Monotonic, the same epoch as base::SystemClock.
  base::MonoTime now() const;

  /// From now on these signals call `task` on the loop instead of what they did. Once a Loop.
  void on_signal(const std::vector<int>& signals, std::move_only_function<void(int)> task);

  /// Watchdog: the longest time that one handler held the loop since the last call of restart_watch().
  std::chrono::microseconds worst_gap() const;
  /// How many handlers held it for longer than `slow_limit`.
  std::uint64_t slow_turns() const;
  void restart_watch();
  static constexpr milliseconds slow_limit{5};

  struct Inner;  ///< For net/ alone: see context.hpp.
  Inner& inner() { return *inner_; }

 private:
  Loop();
  std::unique_ptr<Inner> inner_;
};

}  // namespace broadcaster::net
