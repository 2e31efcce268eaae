// A disk in memory, as a SQLite VFS, that behaves like a bad one: what was written and not synced may be lost or torn
// when the power goes, the space may end, and everything may stop at a chosen call.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace broadcaster::journal::sample {

class FaultyDisk {
 public:
  explicit FaultyDisk(const std::string& name);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  const std::string& name() const { return name_; }

  void space(std::int64_t bytes) { space_ = bytes; }  ///< no file may grow beyond it
  enum class Room { there, none };
  void room(Room room) { room_ = room; }              ///< none: no file may grow
  void die_at(std::int64_t call) { die_at_ = call; }  ///< from this write, truncate or sync on nothing works
  std::int64_t calls() const { return calls_; }

  enum class Unsynced { dropped, subset_and_torn };
  /// What becomes of the unsynced writes of a file when its sync fails. Linux takes the pages for clean: they can be
  /// read, and no later sync writes them.
  enum class FailedSync { keeps, forgets };
  void failed_sync(FailedSync what) { failed_sync_ = what; }

  /// The power goes and comes back.
  void cut(Unsynced what, std::uint32_t seed);

  struct Write {
    std::int64_t offset;
    std::string bytes;
    bool truncate;
  };
  struct File {
    std::string live, durable;
    std::vector<Write> unsynced;
  };
  std::map<std::string, std::shared_ptr<File>> files;

  bool dead() const { return die_at_ >= 0 && calls_ >= die_at_; }
  bool call();  ///< false: the disk is dead
  bool forgets() const { return failed_sync_ == FailedSync::forgets; }
  bool may_hold(const File& file, std::int64_t bytes) const {
    return bytes <= space_ && (room_ == Room::there || bytes <= static_cast<std::int64_t>(file.live.size()));
  }

 private:
  std::string name_;
  sqlite3_vfs vfs_{};
  std::int64_t space_ = std::int64_t{1} << 40;
  Room room_ = Room::there;
  std::int64_t die_at_ = -1;
  std::int64_t calls_ = 0;
  FailedSync failed_sync_ = FailedSync::keeps;
};

}  // namespace broadcaster::journal::sample
