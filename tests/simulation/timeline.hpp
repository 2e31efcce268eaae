// Virtual time: what happens next, and the two clocks that the product reads.
//
// Time passes only from one task to the next. Tasks of the same moment run in an order that the dice give. The wall may
// jump; the monotonic clock starts anew with every process, as on a machine. Thread rule: one thread.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "tests/simulation/dice.hpp"

namespace broadcaster::simulation {

class Timeline final : public base::Clock {
 public:
  using Task = std::move_only_function<void()>;

  explicit Timeline(Dice dice) : dice_(dice) {}

  void after(Micros delay, Task task) { at(time_ + std::max(Micros(0), delay), std::move(task)); }
  void at(Micros time, Task task) {
    tasks_.emplace(std::tuple{std::max(time, time_), dice_.next(), number_++}, std::move(task));
  }
  /// Runs the next task; false when there is none.
  bool step() {
    if (tasks_.empty()) return false;
    auto next = tasks_.extract(tasks_.begin());
    time_ = std::get<0>(next.key());
    ++steps_;
    next.mapped()();
    return true;
  }

  /// Since the beginning of the world; nothing of the product sees it.
  Micros time() const { return time_; }
  std::uint64_t steps() const { return steps_; }

  base::Now now() const override {
    const auto floor = [](Micros t) { return std::chrono::floor<base::milliseconds>(t); };
    return {.wall = base::WallTime(std::chrono::hours(500'000)) + floor(time_) + wall_off_,
            .mono = base::MonoTime(floor(time_ - process_began_))};
  }
  void jump_wall(base::milliseconds by) { wall_off_ += by; }
  void new_process() { process_began_ = time_; }

 private:
  Dice dice_;
  Micros time_{0};
  Micros process_began_{0};
  base::milliseconds wall_off_{0};
  std::uint64_t number_ = 0;
  std::uint64_t steps_ = 0;
  std::map<std::tuple<Micros, std::uint64_t, std::uint64_t>, Task> tasks_;
};

}  // namespace broadcaster::simulation
