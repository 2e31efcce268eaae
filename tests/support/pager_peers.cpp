#include "tests/support/pager_peers.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string_view>

namespace broadcaster {
namespace {

int listen_somewhere(int& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<struct sockaddr*>(&address);
  if (::bind(fd, any, size) != 0 || ::listen(fd, 16) != 0 || ::getsockname(fd, any, &size) != 0)
    throw std::runtime_error("no port on loopback");
  port = ntohs(address.sin_port);
  return fd;
}

void say(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

/// Reads until `text` ends as wanted, or nothing more comes.
template <class Done>
std::string hear(int fd, Done done) {
  std::string text;
  char part[4096];
  while (!done(text)) {
    const auto n = ::recv(fd, part, sizeof part, 0);
    if (n <= 0) break;
    text.append(part, static_cast<std::size_t>(n));
  }
  return text;
}

std::size_t length_in(const std::string& request) {
  const auto at = request.find("Content-Length: ");
  return at == std::string::npos ? 0 : static_cast<std::size_t>(std::stoul(request.substr(at + 16)));
}

}  // namespace

LoopbackPeer::LoopbackPeer() : listener_(listen_somewhere(port_)) {}

void LoopbackPeer::begin() {
  thread_ = std::thread([this] {
    while (!ending_) {
      struct pollfd ready{listener_, POLLIN, 0};
      if (::poll(&ready, 1, 50) != 1) continue;
      const int fd = ::accept(listener_, nullptr, nullptr);
      const struct timeval patience{5, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      serve(fd);
      ::close(fd);
    }
  });
}

void LoopbackPeer::end() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
  ::close(listener_);
}

void LoopbackPeer::keep(std::string what) {
  const std::lock_guard lock(mutex_);
  got_.push_back(std::move(what));
  changed_.notify_all();
}

std::vector<std::string> LoopbackPeer::got() const {
  const std::lock_guard lock(mutex_);
  return got_;
}

bool LoopbackPeer::wait_for(std::size_t count, int patience_ms) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(patience_ms), [&] { return got_.size() >= count; });
}

HttpPeer::HttpPeer(int status, std::string body) : status_(status), body_(std::move(body)) { begin(); }

void HttpPeer::serve(int connection) {
  auto request = hear(connection, [](const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    return end != std::string::npos && text.size() >= end + 4 + length_in(text);
  });
  if (request.empty()) return;
  keep(std::move(request));
  say(connection, "HTTP/1.1 " + std::to_string(status_) + " X\r\nConnection: close\r\nContent-Length: " +
                      std::to_string(body_.size()) + "\r\n\r\n" + body_);
}

SmtpPeer::SmtpPeer(Taking taking) : taking_(taking) { begin(); }

void SmtpPeer::serve(int connection) {
  const auto line = [&] { return hear(connection, [](const std::string& text) { return text.ends_with("\r\n"); }); };
  say(connection, "220 test\r\n");
  std::string envelope;
  while (true) {
    const auto command = line();
    if (command.empty() || command.starts_with("QUIT")) {
      say(connection, "221 bye\r\n");
      return;
    }
    if (command.starts_with("RCPT") && taking_ == Taking::nobody) {
      say(connection, "550 nobody of that name\r\n");
    } else if (command.starts_with("DATA")) {
      say(connection, "354 go on\r\n");
      keep(envelope + hear(connection, [](const std::string& text) { return text.ends_with("\r\n.\r\n"); }));
      say(connection, "250 taken\r\n");
    } else {
      if (command.starts_with("MAIL") || command.starts_with("RCPT")) envelope += command;
      say(connection, "250 test\r\n");
    }
  }
}

int closed_port() {
  int port = 0;
  ::close(listen_somewhere(port));
  return port;
}

}  // namespace broadcaster
