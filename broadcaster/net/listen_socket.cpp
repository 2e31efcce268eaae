#include "broadcaster/net/listen_socket.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace broadcaster::net {
namespace {

/// Either family; the kernel tells which.
union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

std::expected<int, int> listening(int fd, const sockaddr* address, socklen_t size) {
  const int yes = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 && ::bind(fd, address, size) == 0 &&
      ::listen(fd, SOMAXCONN) == 0)
    return fd;
  const int reason = errno;
  ::close(fd);
  return std::unexpected(reason);
}

}  // namespace

std::expected<int, int> listen_unix(const std::string& path) {
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

std::expected<int, int> listen_tcp(const std::string& text, unsigned short port) {
  Address address{};
  socklen_t size = 0;
  if (::inet_pton(AF_INET, text.c_str(), &address.v4.sin_addr) == 1) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = htons(port);
    size = sizeof address.v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &address.v6.sin6_addr) == 1) {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons(port);
    size = sizeof address.v6;
  } else {
    return std::unexpected(EINVAL);
  }
  const int fd = ::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::unexpected(errno);
  return listening(fd, &address.any, size);
}

base::Error cannot_listen(const std::string& address, int reason) {
  return {base::ErrorKind::unavailable,
          {"net.cannot_listen", {{"address", address}, {"reason", std::string(std::strerror(reason))}}},
          {},
          {}};
}

unsigned short local_port(int fd) {
  Address address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, &address.any, &size) != 0) return 0;
  if (address.any.sa_family == AF_INET) return ntohs(address.v4.sin_port);
  if (address.any.sa_family == AF_INET6) return ntohs(address.v6.sin6_port);
  return 0;
}

std::string peer_name(int fd) {
  Address address{};
  socklen_t size = sizeof address;
  if (::getpeername(fd, &address.any, &size) != 0) return "gone";
  char text[INET6_ADDRSTRLEN] = {};
  if (address.any.sa_family == AF_INET) {
    ::inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text);
    return fmt::format("{}:{}", text, ntohs(address.v4.sin_port));
  }
  if (address.any.sa_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text);
    return fmt::format("[{}]:{}", text, ntohs(address.v6.sin6_port));
  }
  return "unix";
}

}  // namespace broadcaster::net
