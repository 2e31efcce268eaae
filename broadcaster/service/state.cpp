#include "broadcaster/service/state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "broadcaster/base/files.hpp"

namespace broadcaster::service {
namespace {

std::unexpected<base::Error> unusable(const std::filesystem::path& path, int reason) {
  return base::fail(
      base::ErrorKind::unavailable,
      {"service.state_unusable", {{"folder", path.string()}, {"reason", std::string(std::strerror(reason))}}});
}

/// Of an open file description (fcntl(2)): held until the last copy of the descriptor is closed.
struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::optional<int> read_pid(int fd) {
  char text[32];
  const auto n = ::pread(fd, text, sizeof text, 0);
  int pid = 0;
  if (n <= 0 || std::from_chars(text, text + n, pid).ec != std::errc{}) return std::nullopt;
  return pid;
}

}  // namespace

std::filesystem::path default_state(alert::Mode mode) {
  if (const char* given = std::getenv("BROADCASTER_STATE"); given && *given) return given;
  const std::filesystem::path tail = std::filesystem::path("broadcaster") / alert::name(mode);
  if (::geteuid() == 0) return "/var/lib" / tail;
  if (const char* given = std::getenv("XDG_STATE_HOME"); given && *given) return given / tail;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home && *home ? home : ".") / ".local/state" / tail;
}

base::Result<StateLock> StateLock::take(const StatePaths& paths) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(paths.folder, error);
  if (error) return unusable(paths.folder, error.value());
  if (made) std::filesystem::permissions(paths.folder, std::filesystem::perms::owner_all, error);
  std::filesystem::create_directories(paths.snapshots(), error);
  if (error) return unusable(paths.folder, error.value());

  StateLock lock(::open(paths.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.fd_ < 0) return unusable(paths.folder, errno);
  auto whole = whole_file();
  if (::fcntl(lock.fd_, F_OFD_SETLK, &whole) != 0) {
    const auto pid = read_pid(lock.fd_);
    return base::fail(base::ErrorKind::unavailable,
                      {"service.state_owned",
                       {{"folder", paths.folder.string()}, {"pid", pid ? std::to_string(*pid) : std::string("?")}}});
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.fd_, 0) != 0 ||
      ::pwrite(lock.fd_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return unusable(paths.folder, errno);
  return lock;
}

StateLock::StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

StateLock::~StateLock() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<int> owner_of(const StatePaths& paths) {
  const int fd = ::open(paths.lock().c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::optional<int> pid;
  // Asked for, not tried: trying would keep out an owner that starts in this moment.
  auto whole = whole_file();
  if (::fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK) pid = read_pid(fd);
  ::close(fd);
  return pid;
}

}  // namespace broadcaster::service
