// Bytes over TCP, as they come: for protocols of our own range that are no HTTP (an SMPP operator).
//
// No framing: the owner cuts messages out of what on_data gives. Limits: 64 connections, one more is closed at once;
// a peer that leaves more than 4 MiB unread is closed. Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

/// Names one connection; never reused.
enum class TcpConnection : std::uint64_t {};

struct TcpHandlers {
  /// Never empty. It may send, close, and destroy nothing.
  std::move_only_function<void(TcpConnection, std::string_view)> on_data;
  /// Once, for whatever reason it ended; not when the server itself is destroyed. Optional.
  std::move_only_function<void(TcpConnection)> on_closed;
};

class TcpServer {
 public:
  /// `address` is an IP address; `port` 0 takes a free one. Errors: unavailable (net.cannot_listen).
  static base::Result<std::unique_ptr<TcpServer>> listen(Loop& loop, const std::string& address, unsigned short port,
                                                         TcpHandlers handlers);
  /// Closes every connection.
  virtual ~TcpServer() = default;
  virtual unsigned short port() const = 0;
  virtual std::size_t connections() const = 0;
  /// In the order of the calls; nothing for a connection that has ended.
  virtual void send(TcpConnection connection, std::string bytes) = 0;
  /// Writes what was sent before, then closes.
  virtual void close(TcpConnection connection) = 0;
};

}  // namespace broadcaster::net
