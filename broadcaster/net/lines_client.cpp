#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "broadcaster/net/lines.hpp"

namespace broadcaster::net {
namespace {

std::unexpected<base::Error> failed(const char* id, const std::string& address, int reason) {
  return base::fail(base::ErrorKind::unavailable,
                    {id, {{"address", address}, {"reason", std::string(std::strerror(reason))}}});
}

std::unexpected<base::Error> gone(int reason) {
  return base::fail(base::ErrorKind::unavailable, {"net.owner_gone", {{"reason", std::string(std::strerror(reason))}}});
}

}  // namespace

base::Result<LineClient> LineClient::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return failed("net.cannot_connect", path, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed("net.cannot_connect", path, errno);
  LineClient client(fd);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return client;
  if (errno == ENOENT || errno == ECONNREFUSED)
    return base::fail(base::ErrorKind::unavailable, {"net.no_owner", {{"address", path}}});
  return failed("net.cannot_connect", path, errno);
}

LineClient::LineClient(LineClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)), searched_(other.searched_) {}

LineClient& LineClient::operator=(LineClient&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(received_, other.received_);
  std::swap(searched_, other.searched_);
  return *this;
}

LineClient::~LineClient() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<void> LineClient::send(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = ::send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return gone(errno);
    at += static_cast<std::size_t>(n);
  }
  return {};
}

base::Result<std::optional<std::string>> LineClient::receive(milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto end = received_.find('\n', searched_);
    if (end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_ = 0;
      return line;
    }
    searched_ = received_.size();
    if (received_.size() > max_line) return gone(EMSGSIZE);

    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wait{fd_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return gone(errno);
    if (ready == 0) return std::nullopt;

    char buffer[65536];
    const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return gone(n < 0 ? errno : ECONNRESET);
    received_.append(buffer, static_cast<std::size_t>(n));
  }
}

}  // namespace broadcaster::net
