// Where a drill is played: a loop that is run in slices, programs that are started and ended, and time that passes.
//
// Thread rule: one thread. Everything that was started is ended by the destructor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/child.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::drill {

struct CommandResult {
  int status = -1;
  std::string output;  ///< stdout and stderr
};

class Stage {
 public:
  Stage();
  ~Stage();

  net::Loop& loop() { return *loop_; }
  /// Somebody pressed Ctrl-C or sent SIGTERM: every wait returns at once.
  bool interrupted() const { return interrupted_; }

  void wait(base::milliseconds time);
  /// Looks every 10 ms; false when `limit` passed first or the drill was interrupted.
  bool wait_until(const std::function<bool()>& done, base::milliseconds limit);
  /// Somebody listens on this port of 127.0.0.1.
  bool wait_for_port(unsigned short port, base::milliseconds limit);

  /// Asks each to end, and waits until they have, also after Ctrl-C; who does not end in `grace` is killed.
  void end(const std::vector<net::Child*>& children, base::milliseconds grace);

  /// Runs to its end; `input` is what it reads (at most 4096 bytes). Errors: unavailable when it cannot be started or
  /// takes longer than `limit`.
  base::Result<CommandResult> command(std::vector<std::string> argv, base::milliseconds limit,
                                      const std::string& input = {});
  /// A server; its output goes to `log`.
  base::Result<std::unique_ptr<net::Child>> start(std::vector<std::string> argv, const std::filesystem::path& log,
                                                  std::vector<std::pair<std::string, std::string>> environment = {});

 private:
  void run_for(base::milliseconds time);

  std::unique_ptr<net::Loop> loop_;
  bool interrupted_ = false;
};

/// Is anybody listening there now?
bool listens(unsigned short port);

}  // namespace broadcaster::drill
