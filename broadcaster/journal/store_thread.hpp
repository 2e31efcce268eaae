// The thread that owns the store: work goes in as functions, answers come back through the poster.
//
// First in, first out. Nothing here decides anything; what is in one transaction is decided by whoever hands it in.
// When the queue has been empty for a moment the thread tends the store and writes record.head (verify.hpp).
// Thread rule: run() from any thread; `done` runs where `post` puts it (the loop).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

/// libstdc++ 12 has std::move_only_function from C++23 on.
using Task = std::move_only_function<void()>;

class StoreThread {
 public:
  /// `post` hands a task to the thread that wants the answers; it must accept tasks until the StoreThread is gone.
  StoreThread(std::unique_ptr<SqliteStore> store, std::function<void(Task)> post);
  /// Finishes what is queued, closes the store, joins. Answers of the last works are posted, too.
  ~StoreThread();
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  /// `work`: Result<T>(SqliteStore&), on the store's thread. `done`: void(Result<T>), posted.
  template <class Work, class Done>
  void run(Work work, Done done) {
    push([this, work = std::move(work), done = std::move(done)](SqliteStore& store) mutable {
      auto result = work(store);
      post_([done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
    });
  }

  /// Works waiting or running: back-pressure for whoever hands them in.
  std::size_t waiting() const;

 private:
  using Job = std::move_only_function<void(SqliteStore&)>;
  void push(Job job);
  void work_until_stopped();
  void idle();

  /// Long enough that a busy stretch is not interrupted by housekeeping.
  static constexpr std::chrono::milliseconds idle_after{200};

  std::unique_ptr<SqliteStore> store_;
  std::function<void(Task)> post_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  std::int64_t head_written_ = -1;  ///< seq; the store's thread only
  std::thread thread_;
};

}  // namespace broadcaster::journal
