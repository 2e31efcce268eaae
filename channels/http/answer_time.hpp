// How long a far side takes to answer, and so how long its answer is waited for.
//
// An attempt that is given up too early is unknown, and may be sent a second time; one that waits too long on a dead
// gateway keeps its place from others. The limit is what 999 of 1,000 answers keep, between 2 and 30 seconds; a
// request whose time ran out counts as an answer that took twice as long, so that a gateway which has become slow is
// waited for. Old answers fade. Thread rule: plain value; the loop's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "broadcaster/base/time.hpp"

namespace broadcaster::channels {

class AnswerTime {
 public:
  void answered(base::milliseconds took);
  /// No answer came while it was waited for so long.
  void missed(base::milliseconds waited);
  /// nullopt: too few answers to know.
  std::optional<base::milliseconds> limit() const;

 private:
  /// Four to every doubling: 1 ms to 65 s, told within 19%.
  static constexpr std::size_t steps = 64;
  std::array<std::uint32_t, steps> counts_{};
  std::uint32_t total_ = 0;
};

}  // namespace broadcaster::channels
