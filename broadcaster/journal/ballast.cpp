#include "broadcaster/journal/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "broadcaster/base/log.hpp"
#include "broadcaster/journal/disk_space.hpp"

namespace broadcaster::journal {
namespace {

/// Blocks, not a hole: a file of that length with nothing behind it would free nothing.
std::uint64_t room_of(const std::filesystem::path& file) {
  struct stat about{};
  if (::stat(file.c_str(), &about) != 0) return 0;
  return static_cast<std::uint64_t>(about.st_blocks) * 512;
}

std::unexpected<base::Error> failed(const std::filesystem::path& file, const std::string& reason) {
  return base::fail(base::ErrorKind::unavailable,
                    {"journal.no_ballast", {{"file", file.string()}, {"reason", reason}}});
}

}  // namespace

Ballast::Ballast(const std::filesystem::path& folder, std::uint64_t bytes) : file_(folder / "ballast"), bytes_(bytes) {}

bool Ballast::stands() const { return bytes_ == 0 || room_of(file_) >= bytes_; }

base::Result<void> Ballast::make() {
  if (stands()) return {};
  const auto free = free_bytes(file_.parent_path());
  const auto missing = bytes_ - room_of(file_);
  if (free && *free < missing + bytes_) return failed(file_, std::strerror(ENOSPC));
  const int descriptor = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(file_, std::strerror(errno));
  const int code = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes_));
  ::close(descriptor);
  if (code == 0) return {};
  give_up();
  return failed(file_, std::strerror(code));
}

Ballast::GaveUp Ballast::give_up() {
  const auto had = room_of(file_);
  if (::unlink(file_.c_str()) != 0 || had == 0) return GaveUp::nothing;
  return GaveUp::room;
}

bool Ballast::relieve(const base::Error& failure) {
  // EDQUOT and its like are I/O errors to SQLite, so the disk is asked too.
  constexpr std::uint64_t nearly_nothing = 1 << 20;
  const auto free = free_bytes(folder());
  if (failure.text.id != "journal.disk_full" && !(free && *free < nearly_nothing)) return false;
  switch (give_up()) {
    case GaveUp::nothing:
      return false;
    case GaveUp::room:
      base::log::error("the disk is full: the ballast is given up, so that what must be written can be");
      return true;
  }
  return false;
}

}  // namespace broadcaster::journal
