// A thread of its own for work that may hang for ever, such as a file on a share that is gone: nobody waits for it, not
// even the end of the process. What must be waited for is for Workers.
// Thread rule: run() on the loop; the work itself runs on its thread and must touch nothing of the loop's.
#pragma once

#include <functional>
#include <memory>

#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

class Aside {
 public:
  using Task = std::move_only_function<void()>;

  explicit Aside(Loop& loop);
  /// What still runs is left alone; its `done` is never called.
  ~Aside();
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

  /// Calls `work` on a new thread, then `done` on the loop. False, and neither is called, when no thread is to be had.
  [[nodiscard]] bool run(Task work, Task done);

 private:
  struct Desk;
  std::shared_ptr<Desk> desk_;
};

}  // namespace broadcaster::net
