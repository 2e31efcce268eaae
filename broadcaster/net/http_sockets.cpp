#include "broadcaster/net/http_sockets.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace broadcaster::net {
namespace {

/// What is done for them takes about 50 µs each.
constexpr int most_at_once = 16;

int new_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}

}  // namespace

HttpSockets::HttpSockets(boost::asio::io_context& context) : epoll_(context, new_epoll()) {}

void HttpSockets::serve(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &HttpSockets::open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &HttpSockets::close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

HttpSockets::Socket& HttpSockets::socket(curl_socket_t fd) {
  const auto number = static_cast<std::size_t>(fd);
  if (number >= sockets_.size()) sockets_.resize(number + 1);
  return sockets_[number];
}

void HttpSockets::want(curl_socket_t fd, int what) {
  auto& one = socket(fd);
  one.want = what == CURL_POLL_REMOVE ? 0 : what;
  std::uint32_t events = 0;
  if ((one.want & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((one.want & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  // Idle: the next request over it wants to read again. A socket that is closed behind our back (a resolver's) must
  // leave now, because its number may mean another one next.
  if (events == 0 && one.opened == Socket::Opened::here && one.registered == EPOLLIN) return;
  set(fd, one, events);
}

void HttpSockets::set(curl_socket_t fd, Socket& one, std::uint32_t events) {
  if (one.registered == events) return;
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  const int epoll = epoll_.native_handle();
  if (events == 0) {
    ::epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event);  // it may be closed already, and is out of the epoll then
  } else {
    const int first = one.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (::epoll_ctl(epoll, first, fd, &event) != 0 && (errno == EEXIST || errno == ENOENT))
      ::epoll_ctl(epoll, first == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  }
  one.registered = events;
}

void HttpSockets::wait(std::move_only_function<void()> some) {
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [some = std::move(some)](boost::system::error_code error) mutable {
                      if (!error) some();
                    });
}

const std::vector<HttpSockets::Ready>& HttpSockets::take() {
  ready_.clear();
  epoll_event events[most_at_once];
  const int n = ::epoll_wait(epoll_.native_handle(), events, most_at_once, 0);
  for (int i = 0; i < n; ++i) {
    const curl_socket_t fd = events[i].data.fd;
    auto& one = socket(fd);
    if (one.want == 0) {
      set(fd, one, 0);  // an idle connection has ended; libcurl finds out when it would use it
      continue;
    }
    int mask = 0;
    if ((events[i].events & EPOLLIN) != 0) mask |= CURL_CSELECT_IN;
    if ((events[i].events & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
    if ((events[i].events & (EPOLLERR | EPOLLHUP)) != 0) mask |= CURL_CSELECT_ERR;
    ready_.push_back({fd, mask});
  }
  return ready_;
}

bool HttpSockets::is_wanted(curl_socket_t fd) const {
  const auto number = static_cast<std::size_t>(fd);
  return number < sockets_.size() && sockets_[number].want != 0;
}

void HttpSockets::stop() { epoll_.close(); }

/// libcurl's own sockets would be inherited by the programs that we start.
curl_socket_t HttpSockets::open(void* self, curlsocktype, curl_sockaddr* address) {
  const int fd = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd >= 0) static_cast<HttpSockets*>(self)->socket(fd) = {.opened = Socket::Opened::here};
  return fd;
}

int HttpSockets::close(void* self, curl_socket_t fd) {
  auto& sockets = *static_cast<HttpSockets*>(self);
  auto& one = sockets.socket(fd);
  if (sockets.epoll_.is_open()) sockets.set(fd, one, 0);
  one = {};
  return ::close(fd);
}

}  // namespace broadcaster::net
