#include "broadcaster/service/fence_watch.hpp"

#include <mutex>
#include <system_error>
#include <thread>

namespace broadcaster::service {

struct FenceWatch::Link {
  std::mutex mutex;
  FenceWatch* watch;  ///< nullptr: it is gone, and its loop may be
  explicit Link(FenceWatch* of) : watch(of) {}
};

FenceWatch::FenceWatch(net::Loop& loop, const base::Clock& clock, Fence fence, Standing standing, Handlers handlers)
    : loop_(loop),
      clock_(clock),
      fence_(std::move(fence)),
      standing_(std::move(standing)),
      handlers_(std::move(handlers)),
      link_(std::make_shared<Link>(this)) {}

FenceWatch::~FenceWatch() {
  const std::lock_guard lock(link_->mutex);
  link_->watch = nullptr;
  if (timer_) loop_.cancel(*timer_);
}

void FenceWatch::start() {
  looked_ = clock_.now();
  look();
}

/// The monotonic clock stands still while a laptop sleeps, and the wall may be set.
bool FenceWatch::fresh() const {
  const auto now = clock_.now();
  const auto wall = now.wall > looked_.wall ? now.wall - looked_.wall : looked_.wall - now.wall;
  return now.mono - looked_.mono < stale_after && wall < stale_after;
}

void FenceWatch::look() try {
  timer_ = loop_.after(patience, [this] { late(); });
  std::thread([link = link_, fence = fence_] {
    auto seen = std::make_shared<Fence::Owner>(fence.owner());
    const std::lock_guard lock(link->mutex);
    if (!link->watch) return;
    link->watch->loop_.post([link, seen] {
      // On the loop's own thread, as is the end of the watch.
      if (link->watch) link->watch->take(*seen);
    });
  }).detach();
} catch (const std::system_error&) {  // no thread to be had now
  take(base::fail(base::ErrorKind::unavailable, {"service.fence_unreadable", {{"file", fence_.folder().string()}}}));
}

/// It is still being looked at: the next look waits for that one.
void FenceWatch::late() {
  timer_.reset();
  looked_ = clock_.now();
  handlers_.on_trouble(base::Text{"service.fence_unreadable", {{"file", fence_.folder().string()}}});
}

void FenceWatch::take(const Fence::Owner& seen) {
  if (timer_) loop_.cancel(*timer_);
  timer_.reset();
  looked_ = clock_.now();
  if (seen && *seen && outranks(**seen, standing_.epoch, standing_.claim)) return handlers_.on_fenced(**seen);
  handlers_.on_trouble(seen ? std::nullopt : std::optional(seen.error().text));
  timer_ = loop_.after(look_every, [this] { look(); });
}

}  // namespace broadcaster::service
