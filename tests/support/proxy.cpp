#include "tests/support/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <list>
#include <stdexcept>
#include <string>
#include <vector>

namespace broadcaster {
namespace {

constexpr int tick_ms = 20;

sockaddr_in loopback(unsigned short port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void shut(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

void reset(int& fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};  // close() sends RST
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  shut(fd);
}

void give(int fd, const std::string& bytes) {
  for (std::size_t done = 0; fd >= 0 && done < bytes.size();) {
    const auto n = ::send(fd, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (n <= 0) return;
    done += static_cast<std::size_t>(n);
  }
}

/// What has come; empty: the other side has ended.
std::string take(int fd) {
  std::string bytes(65536, '\0');
  const auto n = ::recv(fd, bytes.data(), bytes.size(), 0);
  bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return bytes;
}

/// A client and the server behind it; -1: that side has ended.
struct Pair {
  int client = -1, server = -1;
  std::string trickling;

  ~Pair() {
    shut(client);
    shut(server);
  }

  void from_client(Proxy::Behaviour behaviour) {
    const auto bytes = take(client);
    if (bytes.empty()) {
      shut(client);
      shut(server);
    } else if (behaviour != Proxy::Behaviour::half_open) {
      give(server, bytes);
    }
  }

  void from_server(Proxy::Behaviour behaviour) {
    const auto bytes = take(server);
    if (bytes.empty()) shut(server);
    switch (behaviour) {
      case Proxy::Behaviour::pass:
        if (bytes.empty()) return shut(client);
        return give(client, bytes);
      case Proxy::Behaviour::half_open:
        return;
      case Proxy::Behaviour::reset_after_request:
        return reset(client);
      case Proxy::Behaviour::answer_lost:
        return shut(client);
      case Proxy::Behaviour::slow_loris:
        trickling += bytes;
        return;
    }
  }

  void trickle() {
    if (trickling.empty()) return;
    give(client, trickling.substr(0, 1));
    trickling.erase(0, 1);
  }
};

}  // namespace

Proxy::Proxy(unsigned short target) : target_(target), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = loopback(0);
  socklen_t size = sizeof address;
  auto* const at = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, at, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, at, &size) != 0)
    throw std::runtime_error("no port for the proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Proxy::~Proxy() {
  ending_ = true;
  thread_.join();
  shut(listener_);
}

void Proxy::run() {
  std::list<Pair> pairs;
  while (!ending_) {
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    for (const auto& pair : pairs) {
      watched.push_back({pair.client, POLLIN, 0});  // a negative descriptor is left out
      watched.push_back({pair.server, POLLIN, 0});
    }
    const int ready = ::poll(watched.data(), watched.size(), tick_ms);
    const Behaviour behaviour = behaviour_;
    auto event = watched.begin() + 1;
    for (auto& pair : pairs) {
      if ((event++)->revents != 0 && pair.client >= 0) pair.from_client(behaviour);
      if ((event++)->revents != 0 && pair.server >= 0) pair.from_server(behaviour);
      if (ready == 0) pair.trickle();
    }
    if (watched[0].revents != 0) {
      auto& pair = pairs.emplace_back();
      const auto address = loopback(target_);
      pair.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      pair.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (::connect(pair.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        shut(pair.client);
        shut(pair.server);
      }
    }
    pairs.remove_if([](const Pair& pair) { return pair.client < 0 && pair.server < 0; });
  }
}

}  // namespace broadcaster
