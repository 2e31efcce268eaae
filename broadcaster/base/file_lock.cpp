#include "broadcaster/base/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace broadcaster::base {
namespace {

std::unexpected<Error> failed(ErrorKind kind, const char* id, const std::filesystem::path& path) {
  return fail(kind, {id, {{"file", path.string()}, {"reason", std::string(std::strerror(errno))}}});
}

bool is_still(int fd, const std::filesystem::path& path) {
  struct stat locked{}, named{};
  return ::fstat(fd, &locked) == 0 && ::stat(path.c_str(), &named) == 0 && locked.st_dev == named.st_dev &&
         locked.st_ino == named.st_ino;
}

}  // namespace

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<FileLock> FileLock::of(const std::filesystem::path& path) {
  for (;;) {
    // For writing, as NFS wants it: there a flock is a lock on the file's bytes.
    FileLock lock(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (lock.fd_ < 0 && errno == ENOENT) return failed(ErrorKind::bad_input, "base.cannot_read", path);
    if (lock.fd_ < 0) return failed(ErrorKind::unavailable, "base.cannot_write", path);
    while (::flock(lock.fd_, LOCK_EX) != 0)
      if (errno != EINTR) return failed(ErrorKind::unavailable, "base.cannot_write", path);
    if (is_still(lock.fd_, path)) return lock;
  }
}

}  // namespace broadcaster::base
