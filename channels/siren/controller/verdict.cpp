#include "channels/siren/controller/verdict.hpp"

#include <fmt/format.h>

namespace broadcaster::channels::siren {
namespace {

using delivery::Cause;
using delivery::NotSent;
using delivery::Outcome;
using delivery::Refused;

/// A siren that nobody hears is asked again this often at most; the backoff of its delivery may wait longer.
constexpr std::chrono::seconds try_again{1};

/// One siren's fault never shuts the endpoint: the others must sound. What may pass by itself is tried again until the
/// alert expires; what a person must mend ends this delivery, and an alarm says so.
Outcome refusal(Rejection reason, const std::string& why) {
  switch (reason) {
    case Rejection::expired:  // late on the way, or its clock is wrong
    case Rejection::clock:
    case Rejection::counter:  // the next one is higher
    case Rejection::busy:     // until its sound ends
    case Rejection::retained:
      return NotSent{std::nullopt, why, NotSent::Scope::recipient};
    case Rejection::cancelled:
      return Refused{Cause::message, why};
    case Rejection::malformed:
    case Rejection::signature:
    case Rejection::mode:
    case Rejection::target:
    case Rejection::unsupported:
      return Refused{Cause::recipient, why};
  }
  return Refused{Cause::recipient, why};
}

}  // namespace

std::string reference(const std::string& cmd_id, const std::string& siren) { return cmd_id + "/" + siren; }

Outcome outcome(const Ack& ack) {
  if (ack.stage != Stage::rejected) return delivery::Accepted{reference(ack.cmd_id, ack.siren)};
  const auto why = fmt::format("siren rejected it: {} {}", ack.reason, ack.detail).substr(0, 300);
  const auto reason = rejection_from(ack.reason);
  return reason ? refusal(*reason, why) : Outcome(Refused{Cause::recipient, why});
}

std::optional<delivery::Evidence> evidence(const Ack& ack, const plan::EndpointName& endpoint, base::WallTime at) {
  delivery::Evidence out{.endpoint = endpoint,
                         .about = delivery::Ref{reference(ack.cmd_id, ack.siren)},
                         .proof = {},
                         .kind = {},
                         .detail = {},
                         .at = at};
  switch (ack.stage) {
    case Stage::accepted:
      out.proof = delivery::Proof::accepted;
      out.kind = "ack";
      break;
    case Stage::sounding:
    case Stage::done:
      out.proof = delivery::Proof::confirmed;
      out.kind = name(ack.stage);
      break;
    case Stage::failed:
      out.proof = delivery::Proof::failed;
      out.kind = "failed_to_sound";
      break;
    case Stage::rejected:
      return std::nullopt;
  }
  out.detail = fmt::format("{} at {}", name(ack.stage), base::format_utc(ack.at));
  if (!ack.reason.empty()) out.detail += ", " + ack.reason;
  if (!ack.detail.empty()) out.detail += ", " + ack.detail;
  if (ack.sounded_ms > 0) out.detail += fmt::format(", sounded {} ms", ack.sounded_ms);
  return out;
}

bool clock_is_off(const Ack& ack, base::WallTime now) {
  return ack.at > now + clock_tolerance || ack.at < now - clock_tolerance;
}

Outcome outcome(net::PublishFailure failure) {
  switch (failure) {
    case net::PublishFailure::offline:
      return NotSent{std::nullopt, "no link to the broker"};
    case net::PublishFailure::busy:
      return NotSent{std::nullopt, "the link to the broker is full"};
    case net::PublishFailure::invalid:
      return Refused{Cause::message, "the broker cannot take this message: topic, size or property"};
  }
  return Refused{Cause::message, "the link did not take it"};
}

std::optional<Outcome> outcome(int puback_reason) {
  if (puback_reason == net::no_matching_subscribers)
    return NotSent{try_again, "the siren is not connected to the broker", NotSent::Scope::recipient};
  if (puback_reason >= 128) return Refused{Cause::endpoint, "broker: " + net::reason_text(puback_reason)};
  return std::nullopt;
}

}  // namespace broadcaster::channels::siren
