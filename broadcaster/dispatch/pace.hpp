// One object an endpoint answers one question: how many attempts of this class may start now, and if none, when?
//
// It holds the contracted rate (a bucket of one second), the gate (Retry-After and the wait after a failure), the
// window (what is in flight: halves on a failure of the endpoint, grows by one a success, as Postfix's queue manager
// does), and whether the endpoint is shut (its credentials, its quota, itself).
//
// What was in flight when trouble came is one cohort: it fails together, and counts once. What started after it is
// news. Class 0 and 1 are urgent: a quarter of the window is theirs alone, and where everybody else waits for a gate or
// a shut endpoint they send one probe from time to time: the only way out of an Immediate alert is never shut for good.
// Thread rule: plain value; the engine's thread.
#pragma once

#include <cstdint>
#include <optional>

#include "broadcaster/base/time.hpp"
#include "broadcaster/dispatch/policy.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::dispatch {

class Pace {
 public:
  /// What takes room: an attempt of class 0 or 1, any other attempt, or a question about an unknown delivery.
  enum class Kind : std::uint8_t { urgent, other, question };
  /// A place in flight, from take() until it ends.
  struct Place {
    Kind kind = Kind::other;
    std::uint32_t cohort = 0;
  };

  Pace(int rate_per_second, int in_flight);

  /// Attempts that may start now; takes the room that the channel itself has as a bound.
  int may_start(plan::Priority priority, base::MonoTime now);
  /// The same for the attempt that a question has paid for: whatever the contracted rate has left.
  int may_follow(plan::Priority priority, base::MonoTime now);
  /// Questions that may be asked now: they take room as attempts do, and half of all room at most. Each pays for the
  /// attempt that may follow it, too: else questions about a long list would take every token of a slow contract, and
  /// nobody would be sent again.
  int may_ask(plan::Priority priority, base::MonoTime now);
  /// When may_start() can be positive again; nullopt: when an attempt ends (no time will do it).
  std::optional<base::MonoTime> next_chance(plan::Priority priority, base::MonoTime now) const;

  /// Where no gate and no shut door is before it: a time that has passed.
  base::MonoTime opens_at(plan::Priority priority) const { return opens_at(kind_of(priority)); }

  Place take(plan::Priority priority, base::MonoTime now);
  Place take_question(base::MonoTime now);
  /// The question has ended. What it has paid beforehand is there for may_follow(), in the same step.
  void asked(Place place);
  /// Taken, and not used after all: nothing was started.
  void give_back(Place place);
  /// The same for many at once: what a claim under way holds.
  void reserve(int attempts, plan::Priority priority, base::MonoTime now);
  void give_back(int attempts, plan::Priority priority);

  /// An attempt ended with an answer of the endpoint, good or bad for the delivery.
  void succeeded(Place place);
  /// The endpoint itself failed: no name, no connection, throttled. `after`: it said when to come back.
  void failed(Place place, std::optional<base::milliseconds> after, const Backoff& backoff, base::Random& random,
              base::MonoTime now);
  /// No answer that can be trusted came in time: the window halves, and when nothing is left to halve it waits.
  void doubted(Place place, const Backoff& backoff, base::Random& random, base::MonoTime now);
  /// Ended, and says nothing about the endpoint (one siren that nobody hears).
  void ended(Place place);
  /// Refused for a reason that stays until a person acts.
  void shut(Place place, base::MonoTime now);
  void open();
  bool is_shut() const { return shut_until_.has_value(); }
  int in_flight() const { return in_flight_; }

 private:
  static Kind kind_of(plan::Priority priority);
  Place take(Kind kind, base::MonoTime now);
  int& count_of(Kind kind);
  void refill(base::MonoTime now);
  bool is_news(Place place) const { return place.cohort == cohort_; }
  int room(Kind kind) const;
  int room_behind_gates(Kind kind, base::MonoTime now) const;
  base::MonoTime opens_at(Kind kind) const;
  bool probes(base::MonoTime at) const { return shut_until_.has_value() || at < gate_until_; }
  int probe_room(Kind kind) const;

  int rate_;
  int most_in_flight_;
  int window_;
  int in_flight_ = 0;  ///< of every kind
  int urgent_in_flight_ = 0;
  int questions_in_flight_ = 0;
  double tokens_;
  base::MonoTime filled_at_{};
  std::uint32_t cohort_ = 0;  ///< troubles so far
  int failures_ = 0;
  base::MonoTime gate_until_{};
  base::MonoTime gate_urgent_{};  ///< from then on a probe of class 0 or 1 may pass the gate
  std::optional<base::MonoTime> shut_until_;
  base::MonoTime shut_since_{};
  base::milliseconds probe_every_{0};
};

}  // namespace broadcaster::dispatch
