#include "broadcaster/net/aside.hpp"

#include <mutex>
#include <system_error>
#include <thread>

namespace broadcaster::net {

/// Outlives whoever asked: a thread that comes back late finds that nobody is there.
struct Aside::Desk {
  std::mutex mutex;
  Loop* loop;
};

Aside::Aside(Loop& loop) : desk_(new Desk{.mutex = {}, .loop = &loop}) {}

Aside::~Aside() {
  const std::lock_guard lock(desk_->mutex);
  desk_->loop = nullptr;
}

bool Aside::run(Task work, Task done) try {
  std::thread([desk = desk_, work = std::move(work), done = std::move(done)]() mutable {
    work();
    const std::lock_guard lock(desk->mutex);
    if (desk->loop) desk->loop->post(std::move(done));
  }).detach();
  return true;
} catch (const std::system_error&) {
  return false;
}

}  // namespace broadcaster::net
