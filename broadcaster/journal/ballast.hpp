// Room on the disk that is kept for the worst hour: a file of real blocks in the state folder, removed when the disk is
// full, so that a halt, a false alarm and the record can still be written; made again when there is room.
//
// Thread rule: one thread at a time (the store's); blocking.
#pragma once

#include <cstdint>
#include <filesystem>

#include "broadcaster/base/error.hpp"

namespace broadcaster::journal {

class Ballast {
 public:
  /// <folder>/ballast of `bytes`; 0: none is wanted, and one that is there is only given up.
  Ballast(const std::filesystem::path& folder, std::uint64_t bytes);

  /// Makes it where it is missing or smaller, if as much again stays free: a disk that is nearly full is not filled by
  /// us. Errors: unavailable (with the system's reason); then there is none.
  base::Result<void> make();
  enum class GaveUp { nothing, room };
  GaveUp give_up();
  /// After a write that failed: given up where the disk is full. True: there is room now, and trying again is worth it.
  bool relieve(const base::Error& failure);
  /// As large as wanted.
  bool stands() const;
  std::uint64_t bytes() const { return bytes_; }
  std::filesystem::path folder() const { return file_.parent_path(); }

 private:
  std::filesystem::path file_;
  std::uint64_t bytes_;
};

}  // namespace broadcaster::journal
