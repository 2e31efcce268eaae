// Files copied so that they are on disk when it returns, with what they hold told by its SHA-256.
// Thread rule: blocking; never on the event loop.
#pragma once

#include <filesystem>
#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::service {

/// Copies (mode 0600) and syncs; hex SHA-256 of what was copied. Errors: unavailable, with the system's reason.
base::Result<std::string> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// Of a file that stays where it is: synced, then read from the disk again and not from memory, where the system can
/// forget what it holds. Errors: unavailable.
base::Result<std::string> sync_and_hash(const std::filesystem::path& file);
/// A file, or the names in a folder. Errors: unavailable.
base::Result<void> sync_file(const std::filesystem::path& file);

}  // namespace broadcaster::service
