// A channel that is HTTP requests does no I/O: it is a function from the last answer to the next request or an outcome.
//
//   step(attempt, nothing)      → request
//   step(attempt, the answer)   → another request, or the outcome
//
// The shared client carries the requests out (over_http), the simulation answers them from a script, and the table of
// outcomes is a plain table test. Thread rule: loop thread; pure apart from what the constructor was given.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "channels/channel.hpp"

namespace broadcaster::channels {

using Step = std::variant<net::HttpRequest, delivery::Outcome>;
/// The next request, or the end: with evidence where the far side could tell.
using AskStep = std::variant<net::HttpRequest, std::optional<delivery::Evidence>>;

class HttpChannel {
 public:
  virtual ~HttpChannel() = default;

  /// `last` is nullptr on the first call of an attempt. A request that is not idempotent says Repeat::never.
  virtual Step step(const delivery::Attempt& attempt, const net::HttpResult* last, base::WallTime now) const = 0;
  /// What can be said beyond "accepted" right after it, from `answer` (the one that was accepted) alone or by asking
  /// once more: a post is read back from its timeline and becomes confirmed. Not said or not found: accepted stays.
  /// The default says nothing.
  virtual AskStep prove(const delivery::Attempt& attempt, const net::HttpAnswer& answer, const net::HttpResult* last,
                        base::WallTime now) const;
  /// Read-back or status query of an attempt whose outcome is unknown. The default cannot ask.
  virtual AskStep ask(const delivery::Attempt& attempt, const net::HttpResult* last, base::WallTime now) const;
  virtual Received receive(const net::ServerRequest& request, base::WallTime now) const;
};

/// Carries an HttpChannel out with the shared client. room() is `in_flight` less what is in flight, a proof included.
/// It cancels nothing: what was handed to the client ends by itself, within the request's time. No request of an
/// attempt begins after its expiry, and none waits for its connection beyond it.
std::unique_ptr<Channel> over_http(std::unique_ptr<HttpChannel> channel, const plan::Endpoint& endpoint,
                                   ChannelTools& tools);

/// What every HTTP channel says of an answer before it looks at the platform's own codes; nullopt: look yourself (2xx).
///   no bytes left → not_sent · bytes left, no answer → unknown · 3xx → refused(endpoint) · 401, 403 →
///   refused(credentials) 404, 405, 410 → refused(endpoint) · 408, 425 → not_sent · 429 → not_sent(after the header's
///   time) other 4xx → refused(message) · 5xx → unknown, but 503 with Retry-After → not_sent(after)
std::optional<delivery::Outcome> common_outcome(const net::HttpResult& result, base::WallTime now);

/// Retry-After (seconds or HTTP-date, RFC 9110 §10.2.3), X-RateLimit-Reset and RateLimit-Reset (seconds, epoch seconds,
/// epoch with a fraction, or ISO 8601), whichever is there; bounded to [0, 1 h].
std::optional<std::chrono::milliseconds> retry_after(const net::HttpAnswer& answer, base::WallTime now);

/// "HTTP 422: Validation failed": the status and what the body says in words (the `error` or `message` of JSON, or the
/// first line of plain text), without secrets and control characters, at most 300 bytes.
std::string what_it_said(const net::HttpAnswer& answer);
/// At most `bytes` bytes of valid UTF-8 in one line, secrets redacted: what a far side wrote, fit for the record.
std::string fit_for_record(std::string_view text, std::size_t bytes);

}  // namespace broadcaster::channels
