// What stands in a copy of a state, and how it is known to be whole: the manifest is written last.
//
//   DIR/journal.db  DIR/snapshots/<digest>.db  DIR/backup.json
//   backup.json: {"format":1,"mode","at","seq","hash","files":{path: sha256}}   seq and hash: the head of the record
// Thread rule: plain; blocking on the file system.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/journal/verify.hpp"

namespace broadcaster::service {

struct BackupManifest {
  static constexpr int current_format = 1;
  static constexpr auto file_name = "backup.json";
  alert::Mode mode = alert::Mode::drill;
  base::WallTime at;
  journal::RecordHead head;
  std::map<std::string, std::string> files;  ///< path inside the copy → hex SHA-256
  bool operator==(const BackupManifest&) const = default;
};

/// "journal.db" and "snapshots/<64 hex digits>.db"; nothing that leads elsewhere.
bool is_backup_path(const std::string& path);
/// The key that signs the record (journal/record_key.hpp).
inline constexpr const char* record_key_file = "record.key";

/// Errors: bad_input when there is none or it cannot be read; refused for a newer format.
base::Result<BackupManifest> read_manifest(const std::filesystem::path& folder);
/// Errors: unavailable.
base::Result<void> write_manifest(const std::filesystem::path& folder, const BackupManifest& manifest);

}  // namespace broadcaster::service
