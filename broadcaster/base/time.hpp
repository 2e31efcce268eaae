// The two clocks, kept apart by type.
//
// Wall time says when an alert expires and what people read. Monotonic time says how long to wait; it does not jump
// when somebody sets the clock. Both come in through the Clock port, so that a simulation can hold them.
#pragma once

#include <chrono>
#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

using std::chrono::milliseconds;
using std::chrono::seconds;

using WallTime = std::chrono::sys_time<milliseconds>;

/// Tag clock of MonoTime: its epoch is the start of the process, so it means nothing in a file.
struct MonoClock {
  using rep = milliseconds::rep;
  using period = milliseconds::period;
  using duration = milliseconds;
  using time_point = std::chrono::time_point<MonoClock, milliseconds>;
  static constexpr bool is_steady = true;
};
using MonoTime = MonoClock::time_point;

struct Now {
  WallTime wall;
  MonoTime mono;
};

/// Port. Thread rule: any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Now now() const = 0;
};

/// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  Now now() const override;
};

/// Port. Thread rule: the thread that owns it.
class Random {
 public:
  virtual ~Random() = default;
  /// Uniform in [0, bound); bound > 0.
  virtual std::uint64_t below(std::uint64_t bound) = 0;
};

/// libsodium's generator.
class SystemRandom final : public Random {
 public:
  std::uint64_t below(std::uint64_t bound) override;
};

/// CAP 1.2 §3.3.2 dateTime: "2026-11-24T02:15:00-00:00". UTC is written -00:00 and never Z.
std::string format_cap_time(WallTime time);
/// Accepts any numeric offset; seconds are kept, parts of a second are an error (as in CAP's schema).
Result<WallTime> parse_cap_time(const std::string& text);
/// RFC 3339 with milliseconds and Z, for the record and JSON that programs read: "2026-11-24T02:15:00.123Z".
std::string format_utc(WallTime time);
Result<WallTime> parse_utc(const std::string& text);

}  // namespace broadcaster::base
