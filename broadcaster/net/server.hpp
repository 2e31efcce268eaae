// HTTP/1.1 server on the loop, for webhooks, the local console, streams of events and the drill range.
//
// Limits: body 1 MiB, header 16 KiB, 30 s from the first wait to the whole request, 1,000 connections; one more is
// closed at once. Plain HTTP on loopback or a Unix socket: TLS is a reverse proxy's. Thread rule: loop thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "broadcaster/base/error.hpp"
#include "broadcaster/net/headers.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

struct ServerRequest {
  std::string method;
  std::string target;  ///< Path as sent, still percent-encoded, without the query.
  std::string query;   ///< What stands behind the first '?', or empty.
  Headers headers;
  std::string body;
  std::string remote;  ///< "127.0.0.1:40112"; "unix" on a Unix socket.
  const std::string* header(std::string_view name) const { return find_header(headers, name); }
};

class Exchange;  // one request on one connection; server.cpp

/// An answer without an end (text/event-stream). Destroyed or closed: the connection ends.
class ResponseStream {
 public:
  explicit ResponseStream(std::shared_ptr<Exchange> exchange);
  ResponseStream(ResponseStream&&) = default;
  ResponseStream& operator=(ResponseStream&&) noexcept;
  ~ResponseStream();
  /// False: the client is gone, or has left more than 1 MiB unread and is closed now.
  bool send(std::string bytes);
  bool open() const;
  void close();

 private:
  std::shared_ptr<Exchange> exchange_;
};

/// The duty to answer one request: exactly one of the methods, now or later. Destroyed unanswered it answers 500.
/// All of them do nothing when the client or the server is gone.
class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange);
  Responder(Responder&&) = default;
  Responder& operator=(Responder&&) noexcept;
  ~Responder();

  /// Content-Length is added.
  void answer(int status, Headers headers, std::string body);
  /// The header goes out now, with Connection: close; the body as it is sent.
  ResponseStream stream(int status, Headers headers);
  /// For peers that misbehave: closes without a byte.
  void close_without_answer();
  /// For peers that misbehave: resets the connection.
  void reset_without_answer();
  /// For peers that misbehave: these bytes as they are, then closes.
  void answer_partially(std::string bytes);
  /// Is anybody still waiting?
  bool open() const;

 private:
  std::shared_ptr<Exchange> exchange_;
};

class HttpServer {
 public:
  using Handler = std::move_only_function<void(ServerRequest, Responder)>;

  /// `address`: an IP address, or the path of a Unix socket (anything with a '/'; mode 0600, an old socket is
  /// replaced). `port` 0 takes a free one. Errors: unavailable (net.cannot_listen).
  static base::Result<std::unique_ptr<HttpServer>> listen(Loop& loop, const std::string& address, unsigned short port,
                                                          Handler handler);
  /// Closes every connection.
  virtual ~HttpServer() = default;
  virtual unsigned short port() const = 0;
  virtual std::size_t connections() const = 0;
};

}  // namespace broadcaster::net
