// How much room the disk of a folder has for us. Thread rule: plain; blocking for moments.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace broadcaster::journal {

/// Bytes that this user may still write (statvfs(3), f_bavail); nullopt: the system does not say.
std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder);

}  // namespace broadcaster::journal
