// For the sources of net/ alone: what a Responder can ask of the connection that its request came on.
#pragma once

#include <memory>
#include <string>

#include "broadcaster/net/server.hpp"

namespace broadcaster::net {

/// One connection. Everything but write_chunk() and open() answers the request that waits, and is called once.
class ServerSession {
 public:
  virtual ~ServerSession() = default;
  virtual void answer(int status, const Headers& headers, std::string body) = 0;
  virtual void begin_stream(int status, const Headers& headers) = 0;
  virtual bool write_chunk(std::string bytes) = 0;
  virtual void write_and_close(std::string bytes) = 0;
  virtual void close() = 0;
  virtual void reset() = 0;
  virtual bool open() const = 0;
};

/// One request on it: after the answer has begun the connection may carry the next request, so what is left of a
/// Responder must not reach it any more.
class Exchange {
 public:
  explicit Exchange(std::weak_ptr<ServerSession> session) : session_(std::move(session)) {}
  /// The connection while it still waits for this answer; after this call it does not.
  std::shared_ptr<ServerSession> take() { return std::exchange(session_, {}).lock(); }
  std::shared_ptr<ServerSession> look() const { return session_.lock(); }

 private:
  std::weak_ptr<ServerSession> session_;
};

}  // namespace broadcaster::net
