#include "broadcaster/net/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace broadcaster::net {

base::Result<unsigned short> free_port() {
  const auto failed = [] {
    return base::fail(base::ErrorKind::unavailable, {"net.no_port", {{"reason", std::string(std::strerror(errno))}}});
  };
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool found = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  base::Result<unsigned short> result = ntohs(address.sin_port);
  if (!found) result = failed();
  ::close(fd);
  return result;
}

}  // namespace broadcaster::net
