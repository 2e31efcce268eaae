// The thread that owns the store: work goes in as functions, answers come back through the poster.
//
// First in, first out. Nothing here decides anything; what is in one transaction is decided by whoever hands it in.
// When the disk fails, works go on being answered (reading may still be possible, a write says no), the file is opened
// again every second, and what was handed in by run_until_written() waits for that.
// When the queue has been empty for a moment the thread tends the store, signs the record (checkpoint.hpp) and writes
// record.head (verify.hpp).
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

#include "broadcaster/journal/outage.hpp"

namespace broadcaster::journal {

/// Of whoever wants the answers.
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
      return Ran::done;
    });
  }

  /// A work that must not be lost: where the disk fails under it, it is run again when the store works, and answered
  /// then. One transaction, and the same whenever it is run. Kept works are gone with the process.
  template <class Work, class Done>
  void run_until_written(Work work, Done done) {
    push([this, work = std::move(work), done = std::move(done)](SqliteStore& store) mutable {
      auto result = work(store);
      if (!result && store.broken()) return Ran::failed;
      post_([done = std::move(done), result = std::move(result)]() mutable { done(std::move(result)); });
      return Ran::done;
    });
  }

  /// Called where answers are, when the disk fails (with the reason), and when everything kept is written (nullopt).
  /// Set before the first work.
  using Health = std::function<void(const std::optional<base::Error>&)>;
  void on_health(Health health);

  /// Called on the store's thread when the disk has failed under a write, with the reason. True: it has made room, and
  /// what failed is tried again at once, before anybody hears of an outage. Set before the first work.
  using Relief = std::function<bool(const base::Error&)>;
  void on_failure(Relief relief);

  /// Checkpoints of the record are signed with it. Set before the first work; without it there are none.
  void sign_with(base::SigningKey key);

  /// Works waiting or running: back-pressure for whoever hands them in.
  std::size_t waiting() const;

 private:
  void push(Job job);
  void work_until_stopped();
  void relieve();
  void sign();
  void tell_health();
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
  Health health_;
  Relief relief_;
  std::optional<base::SigningKey> key_;
  // The store's thread only.
  Outage outage_;
  std::chrono::steady_clock::time_point next_try_;
  enum class Told { works, failed } told_ = Told::works;
  std::int64_t head_written_ = -1;  ///< seq
  std::thread thread_;
};

}  // namespace broadcaster::journal
