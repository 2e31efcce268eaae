#include "broadcaster/journal/store_thread.hpp"

#include "broadcaster/journal/verify.hpp"

namespace broadcaster::journal {

StoreThread::StoreThread(std::unique_ptr<SqliteStore> store, std::function<void(Task)> post)
    : store_(std::move(store)), post_(std::move(post)), thread_([this] { work_until_stopped(); }) {}

StoreThread::~StoreThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void StoreThread::push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    ++waiting_;
  }
  changed_.notify_one();
}

std::size_t StoreThread::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void StoreThread::work_until_stopped() {
  bool tended = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto something = [this] { return stopping_ || !jobs_.empty(); };
    if (tended)
      changed_.wait(lock, something);
    else
      changed_.wait_for(lock, idle_after, something);
    if (!jobs_.empty()) {
      {
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job(*store_);
      }  // what the job holds goes outside the lock
      lock.lock();
      --waiting_;
      tended = false;
      continue;
    }
    lock.unlock();
    idle();
    lock.lock();
    tended = true;
    if (stopping_ && jobs_.empty()) break;
  }
  lock.unlock();
  store_.reset();
}

void StoreThread::idle() {
  store_->tend();
  const auto seq = store_->record_head().first;
  if (seq == head_written_ || store_->broken()) return;
  // A head that cannot be written makes verify() weaker, nothing else; the next idle moment tries again.
  if (write_record_head(*store_)) head_written_ = seq;
}

}  // namespace broadcaster::journal
