// Retention: everybody is erased from all alerts that ended before some day, and from the snapshots of that time.
//
// What goes: the numbers of those alerts (erase.cpp), their keys, and every snapshot that was made before the day and
// that no alert with people in it names, also one of a plan that was never released: such a plan would find its
// audience missing, and say so. What stays: the record with its keyed hashes, plans, signatures, counts, times, and how
// each delivery ended. An alert that is open is left alone and named. What an interrupted run has not done, the next
// does. Done in steps, between which the store does what cannot wait. Thread rule: one thread at a time; on the
// store's.
#pragma once

#include <set>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

struct ErasureReport {
  std::vector<Erasure> alerts;  ///< all that ended before, as they were found; erased_at: there was nothing to do
  std::int64_t numbers = 0;     ///< erased now
  std::vector<std::string> snapshots;  ///< by digest: deleted now, or (a trial) to be deleted
};

class ErasePeople {
 public:
  /// trial: only finds out what would be erased.
  enum class What { trial, erase };
  static base::Result<ErasePeople> begin(SqliteStore& store, base::WallTime before, base::WallTime now, What what);

  enum class Progress { more, complete };
  /// Errors: unavailable. Everything that was reported before is erased.
  base::Result<Progress> step(SqliteStore& store);
  const ErasureReport& report() const { return report_; }

 private:
  enum class Stage { people, needed, snapshots };
  base::Result<void> erase_some(SqliteStore& store);
  base::Result<void> look_at_next(SqliteStore& store);
  base::Result<void> delete_snapshots(SqliteStore& store);

  base::WallTime before_, now_;
  What what_ = What::trial;
  Stage stage_ = Stage::people;
  std::size_t at_ = 0;
  ErasureReport report_;
  std::vector<AlertId> all_;
  std::set<std::string> needed_;  ///< digests of audiences of alerts that keep their people
};

}  // namespace broadcaster::journal
