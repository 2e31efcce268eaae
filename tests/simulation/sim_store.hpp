// The store as StoreThread serves it, in virtual time: first in, first out, a moment for every transaction, answers in
// order. The real SqliteStore underneath, on a disk that can die at any call. Thread rule: one thread.
#pragma once

#include <memory>
#include <utility>

#include "broadcaster/journal/store.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/simulation/timeline.hpp"

namespace broadcaster::simulation {

class SimStore {
 public:
  SimStore(Timeline& timeline, Dice dice, Micros slowest, std::unique_ptr<journal::SqliteStore> store)
      : timeline_(timeline), dice_(dice), slowest_(slowest), store_(std::move(store)) {}

  /// `work`: Result<T>(SqliteStore&), when its turn comes. `done`: void(Result<T>), a moment later. Neither is called
  /// when the process has ended before.
  template <class Work, class Done>
  void run(Work work, Done done) {
    ++waiting_;
    ++served_;
    free_at_ = std::max(free_at_, timeline_.time()) + dice_.between(Micros(100), slowest_);
    // Answers keep their order: each is posted no earlier than the one before.
    timeline_.at(
        free_at_, [this, alive = std::weak_ptr(alive_), work = std::move(work), done = std::move(done)]() mutable {
          if (alive.expired()) return;
          auto result = work(*store_);
          posted_at_ = std::max(posted_at_ + Micros(1), timeline_.time() + dice_.between(Micros(0), Micros(2'000)));
          timeline_.at(posted_at_, [this, alive, done = std::move(done), result = std::move(result)]() mutable {
            if (alive.expired()) return;
            --waiting_;
            done(std::move(result));
            if (!alive.expired() && waiting_ == 0) tend_when_idle();
          });
        });
  }
  std::size_t waiting() const { return waiting_; }
  journal::SqliteStore& direct() { return *store_; }

 private:
  void tend_when_idle() {
    timeline_.after(idle_after, [this, served = served_, alive = std::weak_ptr(alive_)] {
      if (!alive.expired() && served == served_) store_->tend();
    });
  }

  static constexpr std::chrono::milliseconds idle_after{200};  // as StoreThread

  Timeline& timeline_;
  Dice dice_;
  Micros slowest_;
  std::unique_ptr<journal::SqliteStore> store_;
  Micros free_at_{0};
  Micros posted_at_{0};
  std::size_t waiting_ = 0;
  std::uint64_t served_ = 0;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace broadcaster::simulation
