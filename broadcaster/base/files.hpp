// Whole files, read with a size cap and written so that a crash leaves the old one or the new one.
// Thread rule: blocking; never on the event loop.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

/// Errors: bad_input when the file is missing, a folder, unreadable, or larger than `max_bytes`; and for what is no
/// file but a pipe, a socket or a device: whoever reads one may wait for ever.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes = 64 << 20);

enum class FileMode { shared /* 0644 */, secret /* 0600 */ };

/// Temporary file beside it, fsync, rename, fsync of the folder. Errors: unavailable, with the system's reason.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, FileMode mode = FileMode::shared);

}  // namespace broadcaster::base
