// A few threads for what would hold the loop: names, MQTT connect, pictures, XML, key derivation.
// Thread rule: run() on the loop; the work itself runs on a worker and must touch nothing of the loop's.
#pragma once

#include <functional>
#include <memory>

#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

class Workers {
 public:
  using Task = std::move_only_function<void()>;

  explicit Workers(Loop& loop, unsigned threads = 2, std::size_t bound = 1024);
  /// Waits for the work that runs; what waits in the queue is dropped, and no `done` is called after this.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Calls `work` on a worker, then `done` on the loop. False, and neither is called, when `bound` jobs wait already.
  /// An exception out of `work` ends the process: it is a bug.
  [[nodiscard]] bool run(Task work, Task done);
  std::size_t waiting() const;

 private:
  struct Inner;
  std::shared_ptr<Inner> inner_;
};

}  // namespace broadcaster::net
