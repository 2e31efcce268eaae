// The store as StoreThread serves it, in virtual time: first in, first out, a moment for every transaction, answers in
// order. The real SqliteStore underneath, on a disk that can die at any call. Thread rule: one thread.
#pragma once

#include <memory>
#include <utility>

#include "broadcaster/journal/outage.hpp"
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
    push([this, work = std::move(work), done = std::move(done)](journal::SqliteStore& store) mutable {
      post([done = std::move(done), result = work(store)]() mutable { done(std::move(result)); });
      return journal::Ran::done;
    });
  }
  template <class Work, class Done>
  void run_until_written(Work work, Done done) {
    push([this, work = std::move(work), done = std::move(done)](journal::SqliteStore& store) mutable {
      auto result = work(store);
      if (!result && store.broken()) return journal::Ran::failed;
      post([done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
      return journal::Ran::done;
    });
  }
  /// As StoreThread.
  std::function<void(const std::optional<base::Error>&)> on_health;
  std::size_t waiting() const { return waiting_; }
  journal::SqliteStore& direct() { return *store_; }

 private:
  void push(journal::Job job) {
    ++waiting_;
    ++served_;
    free_at_ = std::max(free_at_, timeline_.time()) + dice_.between(Micros(100), slowest_);
    timeline_.at(free_at_, [this, alive = std::weak_ptr(alive_), job = std::move(job)]() mutable {
      if (alive.expired()) return;
      outage_.run(std::move(job), *store_);
      tell_health();
    });
  }
  /// Answers keep their order: each is posted no earlier than the one before.
  template <class Task>
  void post(Task task) {
    posted_at_ = std::max(posted_at_ + Micros(1), timeline_.time() + dice_.between(Micros(0), Micros(2'000)));
    timeline_.at(posted_at_, [this, alive = std::weak_ptr(alive_), task = std::move(task)]() mutable {
      if (alive.expired()) return;
      --waiting_;
      task();
      if (!alive.expired() && waiting_ == 0) tend_when_idle();
    });
  }
  void tell_health() {
    const bool lasts = outage_.lasts(*store_);
    if (lasts)
      timeline_.after(journal::Outage::patience, [this, alive = std::weak_ptr(alive_), told = ++tries_] {
        if (alive.expired() || told != tries_) return;
        outage_.try_again(*store_);
        tell_health();
      });
    if (lasts == told_failed_) return;
    told_failed_ = lasts;
    ++waiting_;
    post([this, failure = store_->failure()] { on_health(failure); });
  }
  void tend_when_idle() {
    timeline_.after(idle_after, [this, served = served_, alive = std::weak_ptr(alive_)] {
      if (alive.expired() || served != served_) return;
      store_->tend();
      tell_health();
    });
  }

  static constexpr std::chrono::milliseconds idle_after{200};  // as StoreThread

  Timeline& timeline_;
  Dice dice_;
  Micros slowest_;
  std::unique_ptr<journal::SqliteStore> store_;
  journal::Outage outage_;
  std::uint64_t tries_ = 0;
  bool told_failed_ = false;
  Micros free_at_{0};
  Micros posted_at_{0};
  std::size_t waiting_ = 0;
  std::uint64_t served_ = 0;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace broadcaster::simulation
