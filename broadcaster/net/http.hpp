// HTTP/1.1 client on the loop: keep-alive, no redirects, no proxy from the environment, http and https only.
//
// It never sends a request twice unless the request says that this is safe, and it says honestly whether bytes may have
// left. It does not queue: each request starts at once with its own connection or an idle one, so the caller limits
// how many are in flight. Thread rule: loop thread.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "broadcaster/net/headers.hpp"
#include "broadcaster/net/loop.hpp"

namespace broadcaster::net {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  Headers headers;  ///< No Content-Length: it is set from the body. Nothing is added but Host, Accept and User-Agent.
  std::string body;

  /// What may happen when a kept-alive connection dies after the request went out (libcurl would send it again).
  enum class Repeat {
    safe,   ///< Idempotent: the library may send it again by itself.
    never,  ///< One copy at most. With a body the connection is kept alive; without one a new connection is opened.
  } repeat = Repeat::never;

  milliseconds connect_timeout{3000};  ///< Name, connect and TLS together.
  milliseconds timeout{10000};         ///< Everything; counts from send().
  std::size_t max_answer = 1 << 20;    ///< Bytes of the answer's body.
  std::string ca_file;                 ///< PEM; empty: the system's.
  std::string unix_socket;             ///< When set, connects to this path; the URL still gives Host and path.

  /// Asked when the connection stands, right before the first byte: may it still leave? Connecting takes seconds at the
  /// worst, and the world changes. Denied: nothing was sent, Phase::withheld. Empty: it may.
  std::function<bool()> may_leave;
};

struct HttpAnswer {
  int status = 0;
  Headers headers;
  std::string body;
  /// The first field of that name, or nullptr.
  const std::string* header(std::string_view name) const { return find_header(headers, name); }
};

struct HttpFailure {
  /// Could the server have acted on it? `no` is certain; `maybe` is everything else.
  enum class Sent { no, maybe } sent = Sent::maybe;
  enum class Phase {
    request,    ///< The request itself cannot be sent: URL, scheme, header.
    name,       ///< The name has no address.
    connect,    ///< Nobody answers there.
    tls,        ///< Certificate or handshake.
    send,       ///< The connection broke while the request went out, or before any byte came back.
    answer,     ///< The answer broke off or is no HTTP.
    timeout,    ///< `sent` tells in which half.
    too_large,  ///< The answer is longer than `max_answer`.
    cancelled,  ///< By cancel().
    withheld,   ///< may_leave() denied it; nothing was sent.
  } phase = Phase::send;
  std::string why;  ///< English, for the record; without the URL's path, query and credentials.
};

using HttpResult = std::expected<HttpAnswer, HttpFailure>;

enum class RequestId : std::uint64_t {};

class HttpClient {
 public:
  static std::unique_ptr<HttpClient> create(Loop& loop);
  /// Drops what is in flight; its `done` is not called.
  virtual ~HttpClient() = default;

  /// `done` is called exactly once, on the loop, never inside send(). It may send, cancel, or destroy the client.
  virtual RequestId send(HttpRequest request, std::move_only_function<void(HttpResult)> done) = 0;
  /// `done` gets Phase::cancelled; Sent::no only if no byte had been written. Nothing for an id that is finished.
  virtual void cancel(RequestId id) = 0;
  virtual std::size_t in_flight() const = 0;
};

std::string_view name_of(HttpFailure::Phase phase);

}  // namespace broadcaster::net
