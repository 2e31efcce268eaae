// For the sources of net/ alone: listening sockets by plain system calls, close-on-exec.
#pragma once

#include <expected>
#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::net {

/// A Unix socket of mode 0600; an old socket at `path` is replaced. The descriptor, or an errno value.
std::expected<int, int> listen_unix(const std::string& path);
/// `address` is an IPv4 or IPv6 address; port 0 takes a free one. The descriptor, or an errno value.
std::expected<int, int> listen_tcp(const std::string& address, unsigned short port);
base::Error cannot_listen(const std::string& address, int reason);

/// Of a listening TCP socket; 0 for any other.
unsigned short local_port(int fd);
/// "127.0.0.1:40112", "[::1]:40112"; "unix" for a Unix socket.
std::string peer_name(int fd);

}  // namespace broadcaster::net
