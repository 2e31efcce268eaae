#include "broadcaster/base/digest.hpp"
#include "broadcaster/delivery/attempt.hpp"
#include "broadcaster/delivery/evidence.hpp"
#include "broadcaster/delivery/outcome.hpp"
#include "broadcaster/delivery/state.hpp"

namespace broadcaster::delivery {

std::string_view name(State state) {
  switch (state) {
    case State::pending:
      return "pending";
    case State::sent:
      return "sent";
    case State::accepted:
      return "accepted";
    case State::confirmed:
      return "confirmed";
    case State::unknown:
      return "unknown";
    case State::failed:
      return "failed";
    case State::expired:
      return "expired";
    case State::cancelled:
      return "cancelled";
  }
  return "";
}

std::string_view name(Proof proof) {
  switch (proof) {
    case Proof::accepted:
      return "accepted";
    case Proof::failed:
      return "failed";
    case Proof::confirmed:
      return "confirmed";
  }
  return "";
}

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::message:
      return "message";
    case Cause::recipient:
      return "recipient";
    case Cause::credentials:
      return "credentials";
    case Cause::quota:
      return "quota";
    case Cause::endpoint:
      return "endpoint";
  }
  return "";
}

namespace {
template <class... Ts>
struct Overload : Ts... {
  using Ts::operator()...;
};
}  // namespace

std::string_view name(const Outcome& outcome) {
  return std::visit(Overload{[](const Accepted&) -> std::string_view { return "accepted"; },
                             [](const NotSent&) -> std::string_view { return "not_sent"; },
                             [](const Refused&) -> std::string_view { return "refused"; },
                             [](const Unknown&) -> std::string_view { return "unknown"; },
                             [](const Continues&) -> std::string_view { return "continues"; }},
                    outcome);
}

std::string why(const Outcome& outcome) {
  return std::visit(Overload{[](const Accepted&) { return std::string(); }, [](const NotSent& o) { return o.why; },
                             [](const Refused& o) { return o.why; }, [](const Unknown& o) { return o.why; },
                             [](const Continues&) { return std::string(); }},
                    outcome);
}

std::string idempotency_key(const std::string& alert_identifier, const std::string& route, const std::string& recipient,
                            const std::string& plan_digest) {
  // Lengths first, so that no two different tuples give the same bytes.
  std::string text;
  for (const auto* part : {&alert_identifier, &route, &recipient, &plan_digest})
    text += std::to_string(part->size()) + ":" + *part;
  return base::hex(base::sha256(text)).substr(0, 40);
}

}  // namespace broadcaster::delivery
