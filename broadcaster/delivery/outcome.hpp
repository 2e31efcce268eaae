// What one attempt taught us. The dispatcher looks at nothing else. DESIGN rule 1.
// Thread rule: plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace broadcaster::delivery {

/// Whose fault a refusal is. message and recipient end the delivery; the others shut the endpoint, keep its deliveries
/// waiting and page a person: else one revoked token marks a million deliveries failed.
enum class Cause { message, recipient, credentials, quota, endpoint };

/// Opaque bytes of a channel that the journal keeps for a delivery between steps.
using Memo = std::string;

/// The far side took it. `ref` is its id there, normalised by the channel so that receipts match; may be empty.
struct Accepted {
  std::string ref;
};
/// Certainly not taken (name, connect, TLS, throttled). `after`: do not try before; a gate on the endpoint, unless the
/// fault is the recipient's own (one siren that nobody hears says nothing of the others).
struct NotSent {
  std::optional<std::chrono::milliseconds> after;
  std::string why;
  enum class Scope { endpoint, recipient } scope = Scope::endpoint;
};
struct Refused {
  Cause cause = Cause::message;
  std::string why;
};
/// Bytes left us and no answer came that can be trusted. Never retried blindly.
struct Unknown {
  std::string why;
};
/// One step is done. The memo is committed, then the channel is called again, after `after`.
struct Continues {
  Memo memo;
  std::chrono::milliseconds after{0};
};

/// `why` is English, for the record and the report, without secrets, at most 300 bytes.
using Outcome = std::variant<Accepted, NotSent, Refused, Unknown, Continues>;

/// "accepted", "not_sent", "refused", "unknown", "continues"
std::string_view name(const Outcome& outcome);
std::string_view name(Cause cause);
std::string why(const Outcome& outcome);

}  // namespace broadcaster::delivery
