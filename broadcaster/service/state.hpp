// The state folder and its one owner.
//
//   state/lock           held (an open-file-description lock) by whoever works on it; holds the owner's pid for people
//   to read state/control.sock   how every other command asks the owner state/journal.db     only the owner opens it
//   state/snapshots/     audiences by digest
//   state/drafts/        what feeds made: alert files that people may plan, and documents that they must look at
// Thread rule: plain; blocking on the file system for moments.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::service {

struct StatePaths {
  std::filesystem::path folder;
  std::filesystem::path lock() const { return folder / "lock"; }
  std::filesystem::path control() const { return folder / "control.sock"; }
  std::filesystem::path snapshots() const { return folder / "snapshots"; }
  std::filesystem::path drafts() const { return folder / "drafts"; }
};

/// Where the state is when nobody says: $BROADCASTER_STATE, else $XDG_STATE_HOME/broadcaster/<mode>, else
/// ~/.local/state/broadcaster/<mode>; /var/lib/broadcaster/<mode> for root.
std::filesystem::path default_state(alert::Mode mode);

/// Held for as long as the object lives, also over exec'd children's deaths; the kernel lets go when the process ends.
class StateLock {
 public:
  /// Makes the folder (0700) when it is missing. Errors: unavailable: another process owns it (its pid is named), or
  /// the folder cannot be made or written.
  static base::Result<StateLock> take(const StatePaths& paths);
  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

/// The pid in the lock file of a state that is owned now; nothing when nobody owns it.
std::optional<int> owner_of(const StatePaths& paths);

}  // namespace broadcaster::service
