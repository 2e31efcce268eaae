// A copy of a state for a second machine: the journal, while it is in use; the audiences; and a manifest that is
// written last, when the copy was read back and the chain of its record holds.
//
// It holds phone numbers and every signature, and is readable by its owner only. Configuration and keys are not in it.
// The journal's pages come from the store's thread, a little at a time; whatever may wait for the disk of the copy is
// here, and runs elsewhere: a stick that is slow holds nobody up but its copy.
// Thread rule: plain; blocking; never on the event loop or the store's thread.
#pragma once

#include <filesystem>

#include "broadcaster/service/backup_manifest.hpp"
#include "broadcaster/service/state.hpp"

namespace broadcaster::service {

/// A folder that a copy goes into.
struct BackupTarget {
  std::filesystem::path folder;
  enum class Folder { found, made } was = Folder::found;
  std::filesystem::path journal() const { return folder / "journal.db"; }
};

/// Makes the folder (0700), not the one that it stands in: a disk that is not mounted is no place for a copy. Errors:
/// refused when it is there and not empty, or inside the state; unavailable.
base::Result<BackupTarget> prepare_backup(const StatePaths& state, const std::filesystem::path& folder);
/// What was copied so far reaches the disk, so that the next pages find an empty cache. Errors: unavailable.
base::Result<void> sync_backup(const BackupTarget& target);
/// After the journal: reads it back, checks its record to `head`, copies the audiences, writes the manifest. Errors:
/// unavailable; check_failed when what is read back is not what was copied.
base::Result<void> finish_backup(const StatePaths& state, const BackupTarget& target, alert::Mode mode,
                                 const journal::RecordHead& head, base::WallTime at);
/// After a failure: what was copied is removed, and the folder, if it was made for it.
void give_up_backup(const BackupTarget& target);

}  // namespace broadcaster::service
