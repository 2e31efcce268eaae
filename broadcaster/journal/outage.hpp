// Works that wait for a disk that has failed, in their order.
//
// A job says what came of it: done, or that the store failed under it and it is to be run again. Kept jobs run again
// when the store has been opened, before anything that comes later writes. Thread rule: the store's.
#pragma once

#include <deque>
#include <functional>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

enum class Ran { done, failed };
using Job = std::move_only_function<Ran(SqliteStore&)>;

class Outage {
 public:
  /// How often try_again() is worth calling.
  static constexpr std::chrono::milliseconds patience{1000};

  void run(Job job, SqliteStore& store);
  /// Opens the store again and runs what is kept; what fails once more is kept on.
  void try_again(SqliteStore& store);
  /// Since a write failed, until everything that was kept is on disk.
  bool lasts(const SqliteStore& store) const { return store.broken() || !kept_.empty(); }
  std::size_t kept() const { return kept_.size(); }

 private:
  std::deque<Job> kept_;
  /// The first kept job is the one under which the store failed; all others found it broken.
  SqliteStore::Repeats repeats_ = SqliteStore::Repeats::no;
};

}  // namespace broadcaster::journal
