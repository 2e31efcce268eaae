#include "broadcaster/base/clock_state.hpp"

#include <sys/timex.h>

namespace broadcaster::base {

ClockState clock_state() {
  timex state{};  // modes 0: only asks
  const int answer = ::adjtimex(&state);
  if (answer < 0) return {};
  if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
    return {.synchronised = ClockState::Synchronised::no, .may_be_off = {}};
  return {.synchronised = ClockState::Synchronised::yes,
          .may_be_off = std::chrono::ceil<milliseconds>(std::chrono::microseconds(state.maxerror))};
}

std::string_view name(ClockState::Synchronised synchronised) {
  switch (synchronised) {
    case ClockState::Synchronised::unknown:
      return "unknown";
    case ClockState::Synchronised::no:
      return "no";
    case ClockState::Synchronised::yes:
      return "yes";
  }
  return "unknown";
}

}  // namespace broadcaster::base
