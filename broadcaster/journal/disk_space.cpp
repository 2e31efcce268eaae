#include "broadcaster/journal/disk_space.hpp"

#include <sys/statvfs.h>

namespace broadcaster::journal {

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& folder) {
  struct statvfs about{};
  if (::statvfs(folder.c_str(), &about) != 0) return std::nullopt;
  return std::uint64_t{about.f_bavail} * about.f_frsize;
}

}  // namespace broadcaster::journal
