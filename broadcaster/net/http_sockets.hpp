// For the sources of net/ alone: libcurl's sockets in an epoll of their own, which the loop watches as one descriptor.
//
// Asio would be told of a socket at the begin of every request and at its end, and of every wait in between: four
// calls into the kernel. Here a kept-alive connection stays registered for as long as it lives, idle or not, and one
// look says who is ready. Thread rule: loop thread; must outlive the libcurl handles that know it.
#pragma once

#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <vector>

namespace broadcaster::net {

class HttpSockets {
 public:
  /// Errors: std::system_error when the kernel gives no epoll.
  explicit HttpSockets(boost::asio::io_context& context);
  HttpSockets(const HttpSockets&) = delete;
  HttpSockets& operator=(const HttpSockets&) = delete;

  /// Its connections are opened and closed here, so that we know which number is which socket.
  void serve(CURL* easy);
  /// What libcurl wants to hear of this socket from now on (CURL_POLL_…).
  void want(curl_socket_t fd, int what);

  struct Ready {
    curl_socket_t fd;
    int mask;  ///< CURL_CSELECT_…
  };
  /// Calls `some` once, on the loop, when take() has something to give. Nothing after stop().
  void wait(std::move_only_function<void()> some);
  /// Who is ready now. Few, so that others have their turn: wait() comes back at once for the rest.
  const std::vector<Ready>& take();
  bool is_wanted(curl_socket_t fd) const;
  void stop();

 private:
  struct Socket {
    enum class Opened { elsewhere, here } opened = Opened::elsewhere;
    int want = 0;
    std::uint32_t registered = 0;  ///< EPOLL…; 0: not in the epoll
  };
  Socket& socket(curl_socket_t fd);
  void set(curl_socket_t fd, Socket& socket, std::uint32_t events);
  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address);
  static int close(void* self, curl_socket_t fd);

  boost::asio::posix::stream_descriptor epoll_;
  std::vector<Socket> sockets_;  ///< by number
  std::vector<Ready> ready_;
};

}  // namespace broadcaster::net
