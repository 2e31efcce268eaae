#include "broadcaster/service/restore.hpp"

#include "broadcaster/service/durable_copy.hpp"
#include "broadcaster/service/standing.hpp"

namespace broadcaster::service {
namespace {

namespace fs = std::filesystem;

fs::path aside_of(const StatePaths& state) { return state.folder / "restoring"; }

base::Result<void> refused_unless(bool so, const char* text, const fs::path& folder) {
  if (so) return {};
  return base::fail(base::ErrorKind::refused, {text, {{"folder", folder.string()}}});
}

std::unexpected<base::Error> unusable(const fs::path& folder, const std::error_code& error) {
  return base::fail(base::ErrorKind::unavailable,
                    {"service.state_unusable", {{"folder", folder.string()}, {"reason", error.message()}}});
}

/// Nothing in it that somebody could miss: a lock and a folder of audiences are made by looking, and what a restore
/// that broke off had put there comes again.
bool is_empty_state(const StatePaths& state) {
  std::error_code ignored;
  const bool broke_off = fs::exists(aside_of(state), ignored);
  for (const auto& entry : fs::directory_iterator(state.folder, ignored)) {
    if (entry.path() == state.lock() || entry.path() == aside_of(state)) continue;
    if (entry.path() == state.snapshots() && (broke_off || fs::is_empty(entry.path(), ignored))) continue;
    return false;
  }
  return true;
}

/// Every file, and each as it was copied.
base::Result<void> fetch(const fs::path& from, const fs::path& to, const BackupManifest& manifest) {
  for (const auto& [path, digest] : manifest.files) {
    const auto copied = copy_durably(from / path, to / path);
    if (!copied) return std::unexpected(copied.error());
    if (*copied != digest)
      return base::fail(base::ErrorKind::check_failed, {"service.backup_changed", {{"file", (from / path).string()}}});
  }
  return {};
}

/// The record to its head, then the mark without which this state could send. How many entries were checked.
base::Result<std::int64_t> check_and_mark(const fs::path& aside, const BackupManifest& manifest, base::WallTime now) {
  auto store = journal::SqliteStore::open(aside, manifest.mode);
  if (!store) return std::unexpected(store.error());
  const auto checked = journal::verify(**store, {.heads = {manifest.head}, .keys = {}});
  if (!checked) return std::unexpected(checked.error());
  if (checked->first_bad)
    return base::fail(base::ErrorKind::check_failed, {"service.backup_record", {{"entry", *checked->first_bad}}});
  if (auto marked = mark_restored(**store, manifest.at, now); !marked) return std::unexpected(marked.error());
  return checked->entries;
}

/// The journal last: with it the state is there.
base::Result<void> move_in(const fs::path& aside, const StatePaths& state, const BackupManifest& manifest) {
  std::error_code error;
  for (const auto& [path, _] : manifest.files)
    if (path != "journal.db") {
      fs::rename(aside / path, state.folder / path, error);
      if (error) return unusable(state.folder, error);
    }
  if (auto synced = sync_file(state.snapshots()); !synced) return synced;
  fs::rename(aside / "journal.db", state.folder / "journal.db", error);
  if (error) return unusable(state.folder, error);
  return sync_file(state.folder);
}

base::Result<std::int64_t> fill(const fs::path& from, const StatePaths& state, const BackupManifest& manifest,
                                base::WallTime now) {
  const auto aside = aside_of(state);
  std::error_code error;
  fs::remove_all(aside, error);
  fs::create_directories(aside / "snapshots", error);
  if (error) return unusable(aside, error);
  if (auto fetched = fetch(from, aside, manifest); !fetched) return std::unexpected(fetched.error());
  const auto entries = check_and_mark(aside, manifest, now);
  if (!entries) return entries;
  if (auto moved = move_in(aside, state, manifest); !moved) return std::unexpected(moved.error());
  fs::remove_all(aside, error);
  return entries;
}

}  // namespace

base::Result<Restored> restore_backup(const fs::path& folder, const StatePaths& state, alert::Mode mode,
                                      base::WallTime now) {
  auto manifest = read_manifest(folder);
  if (!manifest) return std::unexpected(manifest.error());
  if (manifest->mode != mode)
    return base::fail(base::ErrorKind::refused, {"journal.other_mode",
                                                 {{"folder", folder.string()},
                                                  {"found", std::string(alert::name(manifest->mode))},
                                                  {"wanted", std::string(alert::name(mode))}}});
  const auto lock = StateLock::take(state);
  if (!lock) return std::unexpected(lock.error());
  if (auto empty = refused_unless(is_empty_state(state), "service.state_used", state.folder); !empty)
    return std::unexpected(empty.error());
  const auto entries = fill(folder, state, *manifest, now);
  if (entries) return Restored{std::move(*manifest), *entries};
  std::error_code ignored;
  for (const auto& [path, _] : manifest->files) fs::remove(state.folder / path, ignored);
  fs::remove_all(aside_of(state), ignored);
  return std::unexpected(entries.error());
}

}  // namespace broadcaster::service
