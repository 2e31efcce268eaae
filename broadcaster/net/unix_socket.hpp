// For the sources of net/ alone: a listening Unix socket that nobody but its owner could ever connect to.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <string>

namespace broadcaster::net {

/// The descriptor (close-on-exec, mode 0600, an old socket at `path` replaced), or an errno value.
inline std::expected<int, int> listen_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::unexpected(ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  struct stat info{};
  if (::lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode)) ::unlink(path.c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::unexpected(errno);
  // In this order: before listen() nobody can connect, so there is no moment with wider rights.
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::chmod(path.c_str(), 0600) == 0 &&
      ::listen(fd, SOMAXCONN) == 0)
    return fd;
  const int reason = errno;
  ::close(fd);
  return std::unexpected(reason);
}

}  // namespace broadcaster::net
