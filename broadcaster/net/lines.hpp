// Messages of one line each over a Unix socket: how a command speaks to the owner of a state folder.
//
// A line is any bytes without '\n'; at most 64 MiB, because plans travel so. What they mean is not known here.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

inline constexpr std::size_t max_line = 64u << 20;

/// Who is at the other end, as the kernel knows it (SO_PEERCRED, unix(7)).
struct Peer {
  uid_t user = 0;
  pid_t process = 0;
};

enum class ConnectionId : std::uint64_t {};

struct LineHandlers {
  std::move_only_function<void(ConnectionId, const Peer&, std::string)> on_line;
  /// Once for every connection that ended, whoever ended it. Optional.
  std::move_only_function<void(ConnectionId)> on_closed;
};

/// Thread rule: loop thread.
class LineServer {
 public:
  /// The socket gets mode 0600; an old socket at `path` is replaced, so hold the state's lock first.
  /// Errors: unavailable (net.cannot_listen), also when `path` is longer than a socket's name may be (107 bytes).
  static base::Result<std::unique_ptr<LineServer>> listen(Loop& loop, const std::string& path, LineHandlers handlers);
  /// Closes every connection and removes the socket; on_closed is not called any more.
  virtual ~LineServer() = default;

  /// Adds the '\n'. A peer that leaves more than 64 MiB unread is closed. Nothing for a connection that is gone.
  virtual void send(ConnectionId id, std::string line) = 0;
  /// After what was sent has been written.
  virtual void close(ConnectionId id) = 0;
};

/// The other end, for commands. Thread rule: blocking, one thread, never the loop's.
class LineClient {
 public:
  /// Errors: unavailable (net.no_owner when nobody listens there, net.cannot_connect otherwise).
  static base::Result<LineClient> connect(const std::string& path);
  LineClient(LineClient&& other) noexcept;
  LineClient& operator=(LineClient&& other) noexcept;
  ~LineClient();

  /// Errors: unavailable (net.owner_gone).
  base::Result<void> send(std::string_view line);
  /// The next line without its '\n'; nothing when `timeout` passed first. Errors: unavailable (net.owner_gone).
  base::Result<std::optional<std::string>> receive(milliseconds timeout);

 private:
  explicit LineClient(int fd) : fd_(fd) {}
  int fd_;
  std::string received_;
  std::size_t searched_ = 0;  ///< Bytes of received_ known to hold no '\n'.
};

}  // namespace broadcaster::net
