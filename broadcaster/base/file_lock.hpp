// One file, one writer at a time, although every writer replaces it by another (write_file).
//
// The lock is on the file itself and leaves nothing behind: whoever got it looks whether the name still leads to the
// file that is locked, and else waits for the one that took its place. Held until the object goes, or the process does.
// Thread rule: blocks until the lock is free; never on the event loop.
#pragma once

#include <filesystem>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

class FileLock {
 public:
  /// Errors: bad_input when there is no such file; unavailable when it cannot be locked or written.
  static Result<FileLock> of(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace broadcaster::base
