// A program started beside this one: real peers in drills, the owner under test.
//
// Started with posix_spawn, so that no thread's locks are copied; it inherits no descriptor but 0, 1 and 2, no blocked
// or ignored signal, and leads a process group of its own. If this process is killed the child goes on: the kernel's
// "die with your parent" (PR_SET_PDEATHSIG) cannot be asked for through posix_spawn. Thread rule: loop thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

struct ChildExit {
  int status = 0;  ///< What it returned; meaningless when a signal ended it.
  int signal = 0;  ///< The signal that ended it, or 0.
};

struct ChildOptions {
  std::vector<std::string> argv;  ///< argv[0]: a path (absolute when `folder` is set), or a name to look up in PATH.
  std::vector<std::pair<std::string, std::string>> environment;  ///< Added to ours; the same name replaces it.
  std::filesystem::path folder;                                  ///< Where it runs; empty: where we run.
  std::filesystem::path output;  ///< stdout and stderr are appended to this file. Empty: to on_line, or nowhere.
  enum class Input { nothing, given } input = Input::nothing;  ///< stdin: empty, or what give() hands in.
  std::move_only_function<void(std::string)> on_line;  ///< Every line of stdout and stderr (when `output` is empty).
  std::move_only_function<void(ChildExit)> on_exit;    ///< Once, after its last line. Optional. May destroy the Child.
};

class Child {
 public:
  /// Errors: unavailable (net.cannot_start) with the system's reason.
  static base::Result<std::unique_ptr<Child>> start(Loop& loop, ChildOptions options);
  /// Kills the whole group (SIGKILL) and waits for the child; on_exit is not called.
  virtual ~Child() = default;

  virtual pid_t pid() const = 0;
  virtual bool running() const = 0;
  /// SIGTERM to the group, SIGKILL when it still runs after `grace`. Nothing when it has ended.
  virtual void terminate(milliseconds grace) = 0;
  /// All of its input (Input::given), once: then the input ends. At most what a pipe takes at once (4096 bytes).
  /// False: it does not read any more.
  virtual bool give(std::string_view input) = 0;
  /// Any signal, to the child alone.
  virtual void signal(int number) = 0;
};

}  // namespace broadcaster::net
