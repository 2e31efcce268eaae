// What the machine knows of its own wall clock: whether something keeps it right (NTP), and how far off it may be.
// Thread rule: any thread; one system call.
#pragma once

#include <optional>

#include "broadcaster/base/time.hpp"

namespace broadcaster::base {

struct ClockState {
  /// unknown: the kernel does not say (a container may not ask).
  enum class Synchronised { unknown, no, yes } synchronised = Synchronised::unknown;
  /// The kernel's upper bound of the error (adjtimex(2), maxerror); it grows while nothing corrects the clock.
  std::optional<milliseconds> may_be_off;
};

ClockState clock_state();
/// "yes", "no", "unknown"
std::string_view name(ClockState::Synchronised synchronised);

}  // namespace broadcaster::base
