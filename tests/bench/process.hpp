// The owner under measure, as a process of its own: this program started again. Only so is its memory its own, and only
// so can it be killed.
//
// Thread rule: one thread. Errors: std::runtime_error.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace broadcaster::bench {

class Process {
 public:
  explicit Process(std::vector<std::string> argv);
  /// Kills it (SIGKILL) and waits.
  ~Process();
  Process(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process& operator=(Process&&) = delete;

  void kill();
  /// Throws when it has ended by itself: then what is measured is not there.
  void check() const;
  /// Highest so far, in MiB (VmHWM of proc(5)).
  double peak_memory() const;
  /// Processor time so far, user and system.
  double cpu_seconds() const;

 private:
  pid_t pid_ = -1;
};

/// This program as the owner of `state`.
Process start_owner(const std::filesystem::path& state, const std::string& url);

}  // namespace broadcaster::bench
