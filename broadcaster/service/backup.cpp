#include "broadcaster/service/backup.hpp"

#include "broadcaster/service/durable_copy.hpp"

namespace broadcaster::service {
namespace {

namespace fs = std::filesystem;

std::unexpected<base::Error> refused(std::string text, const fs::path& folder) {
  return base::fail(base::ErrorKind::refused, {std::move(text), {{"folder", folder.string()}}});
}

std::unexpected<base::Error> unusable(const fs::path& folder, const std::error_code& error) {
  return base::fail(base::ErrorKind::unavailable,
                    {"service.backup_place", {{"folder", folder.string()}, {"reason", error.message()}}});
}

std::unexpected<base::Error> changed(const fs::path& file) {
  return base::fail(base::ErrorKind::check_failed, {"service.backup_changed", {{"file", file.string()}}});
}

/// Also through links: the folder that it will stand in is there already.
bool is_inside(const fs::path& folder, const fs::path& state) {
  std::error_code ignored;
  const auto parent = fs::weakly_canonical(folder, ignored);
  const auto outer = fs::weakly_canonical(state, ignored);
  const auto [end, _] = std::mismatch(outer.begin(), outer.end(), parent.begin(), parent.end());
  return end == outer.end();
}

base::Result<void> copy_file(const StatePaths& state, const fs::path& folder, const std::string& path,
                             BackupManifest& manifest) {
  const auto copied = copy_durably(state.folder / path, folder / path);
  if (!copied) return std::unexpected(copied.error());
  const auto read_back = sync_and_hash(folder / path);
  if (!read_back) return std::unexpected(read_back.error());
  if (*read_back != *copied) return changed(folder / path);
  manifest.files[path] = *copied;
  return {};
}

base::Result<void> copy_audiences(const StatePaths& state, const fs::path& folder, BackupManifest& manifest) {
  std::error_code error;
  fs::directory_iterator entries(state.snapshots(), error);
  if (error) return unusable(state.snapshots(), error);
  for (const fs::directory_iterator end; entries != end; entries.increment(error)) {
    if (error) return unusable(state.snapshots(), error);
    const auto path = "snapshots/" + entries->path().filename().string();
    if (!is_backup_path(path)) continue;  // one that is being made
    if (auto copied = copy_file(state, folder, path, manifest); !copied) return copied;
  }
  return {};
}

/// Without it the second machine would sign the record with a key of its own, and what this one signed would be a
/// stranger's there. A state that has signed nothing yet has none.
base::Result<void> copy_record_key(const StatePaths& state, const fs::path& folder, BackupManifest& manifest) {
  std::error_code error;
  if (!fs::exists(state.folder / record_key_file, error)) return {};
  return copy_file(state, folder, record_key_file, manifest);
}

}  // namespace

base::Result<BackupTarget> prepare_backup(const StatePaths& state, const fs::path& folder) {
  std::error_code error;
  if (is_inside(folder, state.folder)) return refused("service.backup_inside", folder);
  BackupTarget target{folder, BackupTarget::Folder::found};
  if (fs::create_directory(folder, error)) target.was = BackupTarget::Folder::made;
  if (error) return unusable(folder, error);
  if (!fs::is_empty(folder, error) || error) return refused("service.backup_not_empty", folder);
  std::error_code no_rights_there;  // a stick with a file system that knows none
  fs::permissions(folder, fs::perms::owner_all, no_rights_there);
  if (fs::create_directory(folder / "snapshots", error); error) {
    give_up_backup(target);
    return unusable(folder, error);
  }
  return target;
}

base::Result<void> sync_backup(const BackupTarget& target) { return sync_file(target.journal()); }

base::Result<void> finish_backup(const StatePaths& state, const BackupTarget& target, alert::Mode mode,
                                 const journal::RecordHead& head, base::WallTime at) {
  BackupManifest manifest{.mode = mode, .at = at, .head = head, .files = {}};
  // Once more from the disk itself, before anybody relies on it.
  const auto hash = sync_and_hash(target.journal());
  if (!hash) return std::unexpected(hash.error());
  const auto checked = journal::verify(target.folder, {.heads = {head}, .keys = {}});
  if (!checked) return std::unexpected(checked.error());
  if (checked->first_bad) return changed(target.journal());
  // Looking at it must not have changed it.
  const auto again = sync_and_hash(target.journal());
  if (!again) return std::unexpected(again.error());
  if (*again != *hash) return changed(target.journal());
  manifest.files["journal.db"] = *hash;
  if (auto copied = copy_audiences(state, target.folder, manifest); !copied) return copied;
  if (auto copied = copy_record_key(state, target.folder, manifest); !copied) return copied;
  return write_manifest(target.folder, manifest);
}

void give_up_backup(const BackupTarget& target) {
  std::error_code ignored;
  for (const auto* made :
       {"journal.db", "journal.db-journal", "journal.db-wal", "journal.db-shm", "snapshots", record_key_file})
    fs::remove_all(target.folder / made, ignored);
  switch (target.was) {
    case BackupTarget::Folder::made:
      fs::remove(target.folder, ignored);
      return;
    case BackupTarget::Folder::found:
      return;
  }
}

}  // namespace broadcaster::service
