// The engine's seam: what happens to it, and what it wants done.
//
//   step(event, now) → actions
//
// No coroutine, thread, socket or file crosses here. The driver carries actions out and brings events back; a
// simulation does the same with virtual time. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"
#include "broadcaster/delivery/changes.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::dispatch {

using delivery::AlertId;
using delivery::AttemptId;
using delivery::DeliveryId;
using delivery::RouteIndex;
using delivery::State;
using plan::EndpointName;

/// One endpoint of an alert, as the plan says it.
struct EndpointOrder {
  EndpointName name;
  int rate_per_second = 0;  ///< 0: no contracted rate
  int in_flight = 8;
  plan::Intent intent = plan::Intent::before_the_byte;
  plan::OnUnknown on_unknown = plan::OnUnknown::hold;
  std::chrono::seconds reconcile_after{30};
  /// bulk: a list of people, whose second tries have a budget. Sirens and accounts are few.
  enum class Load { few, bulk } load = Load::few;
  /// It is not the destination that was signed (or is not there any more): nothing leaves over it for this alert.
  enum class Use { allowed, held } use = Use::allowed;
  /// For whom it has a message: no zone speaks to all of them. A message that was blocked stands in no plan.
  std::set<std::pair<alert::Language, alert::ZoneId>> says = {};
};

struct RouteOrder {
  RouteIndex index;
  std::string name;
  std::vector<EndpointOrder> endpoints;
};

/// What the engine must know of a released alert. It never sees a text.
struct AlertOrder {
  AlertId id;
  plan::Priority priority = 7;
  alert::Urgency urgency = alert::Urgency::unknown;
  base::WallTime expires;
  std::vector<RouteOrder> routes;
  enum class Rows { to_expand, complete } rows = Rows::to_expand;
  /// The alert that this one replaces or takes back: on one recipient it waits for an attempt in flight, 2 s at most.
  std::optional<AlertId> follows;
};

// ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A release is on disk; or was, before a restart (then `so_far` is what the journal has).
struct Released {
  AlertOrder order;
  journal::HowFar so_far;
};
/// A person or a follow-up stops it. `recorded`: the follow-up's release has already written the stop.
struct Stopped {
  AlertId alert;
  std::string why;
  enum class Recorded { no, yes } recorded = Recorded::no;
};
struct RowsExpanded {
  AlertId alert;
  journal::Expanded result;
};
struct RowsClaimed {
  AlertId alert;
  RouteIndex route;
  journal::Claimed result;
};
struct Committed {
  std::uint64_t token = 0;
  std::vector<delivery::Moved> moved;
};
struct Swept {
  AlertId alert;
  std::vector<delivery::Moved> moved;
};
/// The channel has them now: it owes an answer from here on. Until then they waited for its room, and cost no time.
struct HandedOver {
  std::vector<AttemptId> attempts;
};
struct Finished {
  AttemptId attempt;
  delivery::Outcome outcome;
};
struct Proved {
  delivery::Evidence evidence;
  std::uint64_t ticket = 0;  ///< comes back in Action Stored when it is on disk
};
/// ask() of an unknown delivery has ended; its evidence, if any, came before.
struct Asked {
  DeliveryId delivery;
};
/// room() of an endpoint may have grown, or a person opened it again.
struct EndpointReady {
  EndpointName endpoint;
  enum class Opened { no, by_a_person } opened = Opened::no;
};
struct Woken {};
/// The process is about to end: nothing new is claimed, what is in flight is settled.
struct Drain {};
struct StoreFailed {
  std::string why;
};
/// The journal can be written again, and everything that was handed to it is on disk and answered.
struct StoreWorks {};

using Event = std::variant<Released, Stopped, RowsExpanded, RowsClaimed, Committed, Swept, HandedOver, Finished, Proved,
                           Asked, EndpointReady, Woken, Drain, StoreFailed, StoreWorks>;

// ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

struct Expand {
  AlertId alert;
};
struct Claim {
  AlertId alert;
  RouteIndex route;
  int limit = 0;
  base::WallTime now;  ///< Engine::waiting(): what is due by then
};
/// One transaction. At most one is under way.
struct Commit {
  std::uint64_t token = 0;
  std::vector<delivery::Change> changes;
};
struct Sweep {
  AlertId alert;
  State to = State::expired;
  std::string why;
};
/// One try of one row over one endpoint; its intent is on disk.
struct Try {
  delivery::Row row;
  AttemptId attempt;
  EndpointName endpoint;
  base::WallTime expires;
};
/// As soon as the channel has room, and Engine::allows() it right before the byte.
struct Start {
  std::vector<Try> tries;
};
/// An alert has ended, or the process is about to: who waits for a channel's room and is not allowed any more
/// (Engine::allows) comes back now, as not sent.
struct TakeBack {};
struct Ask {
  Try what;
};
/// The evidence with this ticket is on disk.
struct Stored {
  std::uint64_t ticket = 0;
};
/// step(Woken) at this time; replaces the last one. nullopt: nothing to wait for.
struct WakeAt {
  std::optional<base::MonoTime> at;
};
/// The alert is over, and nothing of it will happen by itself any more: whoever carries actions out may forget it, too.
/// Its late receipts go by the journal.
struct Forget {
  AlertId alert;
};
/// A person must know. The same key replaces; no text ends it.
struct Alarm {
  std::string key;
  std::optional<base::Text> text;
};

using Action = std::variant<Expand, Claim, Commit, Sweep, Start, TakeBack, Ask, Stored, WakeAt, Forget, Alarm>;

}  // namespace broadcaster::dispatch
