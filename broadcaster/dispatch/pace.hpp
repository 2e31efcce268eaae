// One object an endpoint answers one question: how many attempts of this class may start now, and if none, when?
//
// It holds the contracted rate (a bucket of one second), the gate (Retry-After and the wait after a failure), the
// window (attempts in flight: halves on a failure of the endpoint, grows by one a success, as Postfix's queue manager
// does), and whether the endpoint is shut (its credentials, its quota, itself). A shut endpoint lets one probe through
// from time to time, and sooner for class 0 and 1: the only way out of an Immediate alert is never shut for good.
// Thread rule: plain value; the engine's thread.
#pragma once

#include <optional>

#include "broadcaster/base/time.hpp"
#include "broadcaster/dispatch/policy.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::dispatch {

class Pace {
 public:
  Pace(int rate_per_second, int in_flight);

  /// Attempts that may start now; takes the room that the channel itself has as a bound.
  int may_start(plan::Priority priority, base::MonoTime now);
  /// When may_start() can be positive again; nullopt: when an attempt ends (no time will do it).
  std::optional<base::MonoTime> next_chance(plan::Priority priority, base::MonoTime now) const;

  void reserve(int attempts, base::MonoTime now);
  /// Reserved, and not used after all: nothing was started.
  void give_back(int attempts);
  /// An attempt ended with an answer of the endpoint, good or bad for the delivery.
  void succeeded();
  /// The endpoint itself failed: no name, no connection, throttled, time-out.
  void failed(std::optional<base::milliseconds> after, const Backoff& backoff, base::Random& random,
              base::MonoTime now);
  /// Ended, and says nothing about the endpoint (one siren that nobody hears).
  void ended();
  void shut(base::MonoTime now);
  void open();
  bool is_shut() const { return shut_until_.has_value(); }
  int in_flight() const { return in_flight_; }

 private:
  void refill(base::MonoTime now);

  int rate_;
  int most_in_flight_;
  int window_;
  int in_flight_ = 0;
  double tokens_;
  base::MonoTime filled_at_{};
  base::MonoTime gate_until_{};
  int failures_ = 0;
  std::optional<base::MonoTime> shut_until_;
  base::MonoTime shut_since_{};
  base::milliseconds probe_every_{0};
};

}  // namespace broadcaster::dispatch
