// All chance of one seed. The same seed gives the same world on every machine. Thread rule: plain value.
#pragma once

#include <chrono>
#include <cstdint>

#include "broadcaster/base/time.hpp"

namespace broadcaster::simulation {

using Micros = std::chrono::microseconds;

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
class Dice final : public base::Random {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// The bias of the remainder is below 2^-40 for the bounds used here.
  std::uint64_t below(std::uint64_t bound) override { return next() % bound; }

  int whole(int low, int high) { return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low + 1))); }
  bool chance(double probability) { return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability; }
  Micros between(Micros low, Micros high) {
    return low + Micros(static_cast<std::int64_t>(below(static_cast<std::uint64_t>((high - low).count()) + 1)));
  }
  /// A generator of its own, so that one more throw here changes nothing there.
  Dice split() { return Dice(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace broadcaster::simulation
