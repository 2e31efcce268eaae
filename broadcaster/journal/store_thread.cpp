#include "broadcaster/journal/store_thread.hpp"

#include "broadcaster/base/log.hpp"
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

void StoreThread::on_health(Health health) {
  const std::lock_guard lock(mutex_);
  health_ = std::move(health);
}

void StoreThread::on_failure(Relief relief) {
  const std::lock_guard lock(mutex_);
  relief_ = std::move(relief);
}

void StoreThread::sign_with(base::SigningKey key) {
  const std::lock_guard lock(mutex_);
  key_ = std::move(key);
}

void StoreThread::work_until_stopped() {
  bool tended = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto something = [this] { return stopping_ || !jobs_.empty(); };
    const bool failing = outage_.lasts(*store_);
    if (failing)
      changed_.wait_until(lock, next_try_, something);
    else if (tended)
      changed_.wait(lock, something);
    else
      changed_.wait_for(lock, idle_after, something);
    if (!jobs_.empty()) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      outage_.run(std::move(job), *store_);
      if (store_->unsigned_entries() >= checkpoint_every) sign();
      relieve();
      tended = false;
    } else if (failing) {
      if (stopping_) break;
      lock.unlock();
    } else {
      lock.unlock();
      idle();
      relieve();
      tended = true;
    }
    if (outage_.lasts(*store_) && std::chrono::steady_clock::now() >= next_try_) {
      if (told_ == Told::failed) outage_.try_again(*store_);
      next_try_ = std::chrono::steady_clock::now() + Outage::patience;
    }
    tell_health();
    lock.lock();
    waiting_ = jobs_.size() + outage_.kept();
    if (tended && stopping_ && jobs_.empty()) break;
  }
  lock.unlock();
  store_.reset();
}

void StoreThread::relieve() {
  if (!store_->broken() || told_ == Told::failed) return;
  Relief relief;
  {
    const std::lock_guard lock(mutex_);
    relief = relief_;
  }
  if (relief && relief(*store_->failure())) outage_.try_again(*store_);
}

void StoreThread::tell_health() {
  const auto now = outage_.lasts(*store_) ? Told::failed : Told::works;
  if (now == told_) return;
  told_ = now;
  Health health;
  {
    const std::lock_guard lock(mutex_);
    health = health_;
  }
  if (!health) return;
  post_([health, failure = store_->failure()] { health(failure); });
}

/// Where the disk fails under it, that is an outage like any other, and the next idle moment signs.
void StoreThread::sign() {
  if (outage_.lasts(*store_)) return;
  std::optional<base::SigningKey> key;
  {
    const std::lock_guard lock(mutex_);
    key = key_;
  }
  if (key && !store_->sign_record(*key)) base::log::warning("a checkpoint of the record could not be written");
}

void StoreThread::idle() {
  store_->tend();
  sign();
  const auto seq = store_->record_head().first;
  if (seq == head_written_ || store_->broken()) return;
  // A head that cannot be written makes verify() weaker, nothing else; the next idle moment tries again.
  if (write_record_head(*store_)) head_written_ = seq;
}

}  // namespace broadcaster::journal
