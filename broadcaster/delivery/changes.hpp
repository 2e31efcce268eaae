// What the dispatcher asks the store to write, and what the store answers. The words of the seam between the two.
//
// Every change of state names the state that it expects; the store asserts that exactly one row had it (evidence is the
// exception: it finds its row by reference and goes by rank). All changes of one Commit are one transaction and one
// entry of the record. Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/delivery/evidence.hpp"
#include "broadcaster/delivery/outcome.hpp"

namespace broadcaster::delivery {

/// A delivery as claimed: its row, for as long as the dispatcher works on it.
/// What an earlier revision, or the alert that is taken back, has put before the same readers.
struct Earlier {
  plan::EndpointName endpoint;
  std::string ref;  ///< as the platform named it
  bool operator==(const Earlier&) const = default;
};

struct Row {
  DeliveryId id;
  AlertId alert;
  RouteIndex route;
  std::string recipient;
  alert::Language language;
  alert::ZoneId zone;
  State state = State::pending;  ///< pending or unknown
  int attempts = 0;              ///< tries so far
  plan::EndpointName endpoint;   ///< of the last try; empty before the first
  Memo memo;
  /// Of a follow-up to an account: accepted there before, the newest first. A post replies to it.
  std::vector<Earlier> earlier = {};
};

/// pending → sent, and the attempt's row. On disk before the byte where the channel's Intent says so.
struct Intend {
  AttemptId attempt;
  plan::EndpointName endpoint;
  base::WallTime at;
};

/// sent → `to`, with what the attempt taught.
struct Settle {
  AttemptId attempt;
  State to = State::unknown;  ///< accepted, unknown, failed, pending
  std::string outcome;        ///< name(Outcome)
  std::string why;
  std::string ref;                    ///< accepted: the far side's id, for receipts
  Memo memo;                          ///< kept as it is given
  std::optional<base::WallTime> due;  ///< pending, unknown: not before
  base::WallTime at;
};

/// A change without an attempt: unknown → pending (resend), pending → expired | cancelled | failed; with from == to
/// only a new due time.
struct Move {
  DeliveryId delivery;
  State from = State::pending;
  State to = State::pending;
  std::optional<base::WallTime> due;  ///< nullopt on an open row: never by itself (held for a person)
  std::string why;
  base::WallTime at;
};

/// By reference or delivery; changes the state by rank (after_evidence), and is recorded in every case. A reference
/// that no attempt has (yet) is kept as an orphan and matched when the attempt settles.
struct Prove {
  Evidence evidence;
};

/// Nothing of this alert is sent any more. `by` says who or which alert.
struct Stop {
  AlertId alert;
  std::string why;
  base::WallTime at;
};

using Change = std::variant<Intend, Settle, Move, Prove, Stop>;

/// One row's change as it happened; keeps the dispatcher's counters and the screen right.
struct Moved {
  DeliveryId delivery;
  AlertId alert;
  RouteIndex route;
  plan::EndpointName endpoint;  ///< of the last attempt; empty before the first
  State from = State::pending;
  State to = State::pending;
  base::WallTime at;
};

}  // namespace broadcaster::delivery
