// An empty state filled from a copy (backup.hpp), for a machine that takes over.
//
// Everything is put beside its place, checked and marked there, and the journal is moved in last: a restore that broke
// off leaves a state that holds none, and is begun again. Nothing is sent from a restored state before it has been
// taken over (take_over.hpp). Thread rule: plain; blocking.
#pragma once

#include "broadcaster/service/backup_manifest.hpp"
#include "broadcaster/service/state.hpp"

namespace broadcaster::service {

struct Restored {
  BackupManifest manifest;
  std::int64_t entries = 0;  ///< of the record, each checked
};

/// The record's chain is checked to the head that the copy names. Errors: bad_input without a whole copy; refused for a
/// state that is used, and for a copy of the other mode or a newer format; check_failed when a file or the record is
/// not what was copied; unavailable. After an error the state is as empty as before.
base::Result<Restored> restore_backup(const std::filesystem::path& folder, const StatePaths& state, alert::Mode mode,
                                      base::WallTime now);

}  // namespace broadcaster::service
