// The real program on a terminal of its own (pty(7)): what an officer sees, and what they type.
#pragma once

#include <chrono>
#include <string>

#include "tests/cli/program.hpp"

namespace broadcaster::cli {

class Terminal {
 public:
  explicit Terminal(const Call& call);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Waits until `text` stands on the screen after what was waited for last; false when the program ended first, or
  /// after half a minute.
  bool wait_for(const std::string& text);
  /// The keys, and Enter.
  void type(const std::string& keys);
  /// To its end; its exit status.
  int end();
  /// Everything that the screen has shown.
  const std::string& screen() const { return screen_; }
  int keys_typed() const { return keys_; }

 private:
  bool read_more(std::chrono::steady_clock::time_point until);

  pid_t pid_ = -1;
  int fd_ = -1;
  std::string screen_;
  std::size_t seen_ = 0;  ///< of screen_: where the next text is looked for
  int keys_ = 0;
};

}  // namespace broadcaster::cli
