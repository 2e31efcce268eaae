#include "broadcaster/net/workers.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace broadcaster::net {

namespace {

struct Job {
  Workers::Task work, done;
};

}  // namespace

/// Shared with the tasks posted to the loop, which may still lie there when the Workers are gone.
struct Workers::Inner {
  Inner(Loop& l, std::size_t b) : loop(l), bound(b) {}

  Loop& loop;
  const std::size_t bound;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> jobs;  ///< Guarded by mutex.
  bool ending = false;   ///< Guarded by mutex; the loop thread alone writes it.
  std::vector<std::thread> threads;

  void work(const std::shared_ptr<Inner>& self) {
    for (;;) {
      Job job;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return ending || !jobs.empty(); });
        if (ending) return;
        job = std::move(jobs.front());
        jobs.pop_front();
      }
      job.work();
      job.work = nullptr;  // what it captured ends here, before `done` sees its results
      loop.post([weak = std::weak_ptr(self), done = std::move(job.done)]() mutable {
        const auto inner = weak.lock();
        if (inner && !inner->ending && done) done();
      });
    }
  }
};

Workers::Workers(Loop& loop, unsigned threads, std::size_t bound) : inner_(std::make_shared<Inner>(loop, bound)) {
  for (unsigned i = 0; i < threads; ++i) inner_->threads.emplace_back([self = inner_] { self->work(self); });
}

Workers::~Workers() {
  std::deque<Job> dropped;
  {
    std::lock_guard lock(inner_->mutex);
    inner_->ending = true;
    dropped.swap(inner_->jobs);
  }
  inner_->changed.notify_all();
  for (auto& thread : inner_->threads) thread.join();
}

bool Workers::run(Task work, Task done) {
  {
    std::lock_guard lock(inner_->mutex);
    if (inner_->jobs.size() >= inner_->bound) return false;
    inner_->jobs.push_back({std::move(work), std::move(done)});
  }
  inner_->changed.notify_one();
  return true;
}

std::size_t Workers::waiting() const {
  std::lock_guard lock(inner_->mutex);
  return inner_->jobs.size();
}

}  // namespace broadcaster::net
