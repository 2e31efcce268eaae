// How long to wait before the next try. Numbers, no state. Thread rule: pure.
#pragma once

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::dispatch {

/// A wait before retry n (from 1) is drawn from [0, min(cap, base·2^n)]: full jitter, so that nobody retries in step.
struct Backoff {
  base::milliseconds base;
  base::milliseconds cap;
};

/// By urgency, not by status: a drill rehearses the waits of the real thing.
Backoff backoff_of(alert::Urgency urgency);

/// The most urgent of its infos. Of what calms people it is Immediate, though CAP calls it Past: whoever was woken is
/// calmed as urgently (R44), and with the waits of old news a siren that is busy with the order would go on for long.
alert::Urgency urgency_of(const plan::Plan& plan);

base::milliseconds draw(const Backoff& backoff, int retry, base::Random& random);

/// A channel owes an answer after this long; then the attempt is unknown. Longer than every channel's own time-out.
inline constexpr std::chrono::seconds attempt_guard{90};
/// A follow-up waits this long at most for an attempt of its original on the same recipient.
inline constexpr std::chrono::seconds follow_up_patience{2};

}  // namespace broadcaster::dispatch
