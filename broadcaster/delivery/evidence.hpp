// What comes back after the attempt: receipts, acknowledgements, read-backs. Rank decides, order of arrival does not.
//
//   confirmed > failed by receipt > accepted > unknown
// Operators send UNDELIV and then DELIVRD: positive proof wins from every state after SENT.
// Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/ids.hpp"
#include "broadcaster/delivery/state.hpp"
#include "broadcaster/plan/message.hpp"

namespace broadcaster::delivery {

enum class Proof { accepted, failed, confirmed };

/// The far side's id, as an Outcome `Accepted` gave it.
struct Ref {
  std::string value;
  auto operator<=>(const Ref&) const = default;
};

/// One try, as we gave it to the far side to carry back. Its key (the beginning of Attempt::key is enough) tells our
/// delivery 42 from that of another journal, which the same gateway may still hold receipts of.
struct CarriedBack {
  AttemptId attempt;
  std::string key;
};

/// Kind of a read-back that is not what was approved, always with Proof::accepted: the delivery stays accepted. It is
/// an alarm, and stands in status, report and exit status until a later read-back confirms the delivery.
inline constexpr std::string_view read_back_differs = "read_back_differs";

struct Evidence {
  plan::EndpointName endpoint;
  /// A delivery, whichever try of it; one try that the far side carried back; or the far side's own id of one try.
  /// Of an earlier try, proof may raise the delivery and never fails it: the later one may still arrive.
  std::variant<DeliveryId, CarriedBack, Ref> about;
  Proof proof = Proof::accepted;
  std::string kind;    ///< "receipt", "part_receipt", "ack", "sounding", "done", "read_back", read_back_differs
  std::string detail;  ///< English, for the record: what the far side said; at most 1,000 bytes
  base::WallTime at;
};

/// The state after this proof; nullopt when the evidence changes nothing (it is recorded all the same).
constexpr std::optional<State> after_evidence(State state, Proof proof) {
  const State wanted = proof == Proof::confirmed ? State::confirmed
                       : proof == Proof::failed  ? State::failed
                                                 : State::accepted;
  if (!legal(state, wanted)) return std::nullopt;
  // pending is before SENT, or certainly not taken: proof about it is a contradiction, for the record only.
  if (state == State::pending) return std::nullopt;
  return wanted;
}

std::string_view name(Proof proof);

}  // namespace broadcaster::delivery
