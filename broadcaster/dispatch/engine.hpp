// The dispatcher's decisions, without I/O: step(event, now) → actions.
//
// What it decides: which (alert, route) is claimed next, over which endpoint a row goes, what an outcome means for the
// delivery and for the endpoint, when to try again, what is asked about, what expires, what a stop cancels. What it
// never sees: texts, numbers of people, sockets, SQL.
//
// A row's way:   Claim → RowsClaimed → Commit(Intend) → Committed → Start → Finished → Commit(Settle)
// Claims and intents may be ahead of the places in flight where an endpoint is fast (ahead.cpp).
// The intent is on disk before the byte everywhere, also where a repeat is harmless: pending means certainly not sent,
// and a halt after a crash may then say cancelled. (It costs one commit, which the first siren does not notice.)
// An unknown row is asked about; with no proof it goes from unknown to sent in one transaction. On disk it is never
// pending: pending is what was certainly not sent, may be cancelled, and takes no proof.
// While the journal cannot be written (last_ditch.cpp) nothing new is begun but what may be repeated without harm,
// of an Immediate alert: sirens go on from memory, and what they taught is written when the journal works again.
// Thread rule: one thread; plain and deterministic apart from the Random it was given.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "broadcaster/dispatch/events.hpp"
#include "broadcaster/dispatch/lane.hpp"

namespace broadcaster::dispatch {

class Engine {
 public:
  explicit Engine(base::Random& random);

  /// Actions are to be carried out in their order. The last one is always WakeAt.
  std::vector<Action> step(Event event, base::Now now);

  /// Right before the byte, where the driver had to wait for a channel's room: is its alert running and not expired, is
  /// the process not about to end, and has no proof of an earlier try made it needless?
  bool allows(const Try& what, base::Now now) const { return allows(what.attempt, now); }
  bool allows(const AttemptId& attempt, base::Now now) const;

  /// The clock by which due times are told: what the wall showed at the first event, and from then on the monotonic
  /// clock. However often somebody sets the wall, a wait is as long as it was meant to be; only a start reads it anew
  /// (SqliteStore::recover() cuts what has become too long then).
  base::WallTime waiting(base::Now now) const { return began_ ? began_->wall + (now.mono - began_->mono) : now.wall; }

  // For the screen and for tests.
  struct Progress {
    std::map<RouteIndex, journal::StateCounts> routes;
    enum class Life { running, stopped, expired } life = Life::running;
    /// Nothing is left that would happen by itself.
    bool settled = false;
  };
  /// nullopt: never known here, or over and settled.
  std::optional<Progress> progress(AlertId alert) const;
  std::size_t in_flight() const { return flights_.size(); }
  /// Nothing is in flight and everything that was learnt is on disk: the process may end.
  bool quiet() const { return flights_.empty() && waiting_changes_.empty() && !under_way_; }

  /// A transaction takes 5 ms at most; measured at about 10 µs a change.
  static constexpr std::size_t most_changes_at_once = 400;

 private:
  struct RouteState {
    RouteOrder order;
    journal::StateCounts counts;
    std::optional<base::WallTime>
        next_due;  ///< by waiting(); of an open row that nobody has claimed; nullopt: none known
    enum class Claiming { idle, under_way } claiming = Claiming::idle;
    /// Pending rows that are claimed and not intended yet, in their order: first in line, as soon as they can go.
    std::deque<delivery::Row> stock;
    /// Rows that it has intended, in the count of its class: see turn_of().
    std::int64_t served = 0;
    int reserved = 0;  ///< room taken at `reserved_at` for the claim under way
    EndpointName reserved_at;
  };
  struct AlertState {
    AlertOrder order;
    base::MonoTime expires_mono;  ///< second clock: whichever says so first, it is expired
    base::MonoTime since;
    std::map<RouteIndex, RouteState> routes;
    enum class Life { running, stopped, expired } life = Life::running;
    std::string stop_reason;
    enum class Begun { no, yes } begun = Begun::no;  ///< a first intent of it is on its way to the disk
    enum class Sweeping { not_needed, needed, under_way } sweeping = Sweeping::not_needed;
    enum class Expanding { needed, under_way, complete } expanding = Expanding::needed;
    int expansions_held = 0;  ///< in a row
    base::MonoTime expand_at{};
    enum class HeldAlarm { off, on } held_alarm = HeldAlarm::off;  ///< some audience cannot be read
    /// Unknown rows that wait for a person, by the endpoint of their last try: the alarm is true while there are some.
    std::map<EndpointName, std::set<DeliveryId>> held = {};
  };
  /// A row between its claim and its settling.
  struct Flight {
    Try what;
    plan::Intent intent;
    /// ready: its intent is on disk, and it has no place yet.
    enum class Stage { intending, ready, started, needless } stage = Stage::intending;
    std::optional<Pace::Place> place;          ///< nullopt: ahead of it
    std::optional<base::MonoTime> guard = {};  ///< from the hand-over on
    /// Evidence has been faster than its answer.
    enum class Proven { no, yes } proven = Proven::no;
  };
  /// An unknown row that is being asked about.
  struct Question {
    Try what;
    Pace::Place place;
    base::MonoTime guard{};
  };

  // events.cpp
  void on(Released&& event);
  void on(Stopped&& event);
  void on(RowsExpanded&& event);
  void on(RowsClaimed&& event);
  void on(Committed&& event);
  void on(Swept&& event);
  void on(HandedOver&& event);
  void on(Finished&& event);
  void on(Proved&& event);
  void on(Asked&& event);
  void on(EndpointReady&& event);
  void on(Woken&& event);
  void on(Drain&& event);
  void on(StoreFailed&& event);
  void on(StoreWorks&& event);

  // rows.cpp: what to do with a claimed row
  void take(AlertState& alert, RouteState& route, delivery::Row row);
  void take_pending(AlertState& alert, RouteState& route, delivery::Row row);
  void take_unknown(AlertState& alert, RouteState& route, delivery::Row row);
  enum class Placed { at_once, when_one_is_free };
  void intend(AlertState& alert, delivery::Row row, const EndpointOrder& endpoint, Placed placed);
  void resend(delivery::Row row);
  void ask(const AlertState& alert, Try what);
  static bool may_carry(const EndpointOrder& endpoint, const delivery::Row& row);
  /// Of an unknown row the question about it has just ended.
  enum class Behind { nothing, a_question };
  const EndpointOrder* choose_endpoint(AlertState& alert, RouteState& route, const delivery::Row& row, Behind behind);
  base::milliseconds until_room(const AlertState& alert, const RouteState& route, const delivery::Row& row) const;
  std::optional<Question> close_question(DeliveryId id);
  static bool is_urgent(const AlertState& alert);
  bool must_yield(const AlertState& alert, const EndpointOrder& endpoint) const;
  bool must_wait_for_original(const AlertState& alert, const RouteState& route, const delivery::Row& row) const;

  // outcomes.cpp: what an attempt taught
  void settle(Flight flight, const delivery::Outcome& outcome);
  void teach_endpoint(const Flight& flight, const delivery::Outcome& outcome);
  base::WallTime first_in_line(const Try& what) const;
  base::milliseconds until_asked(const AlertState* alert, const Try& what);
  base::milliseconds until_turn(const EndpointName& endpoint);
  base::WallTime next_try(const AlertState& alert, const Try& what, std::optional<base::milliseconds> after);

  void expanded(AlertState& alert, const journal::Expanded& result);

  // ending.cpp: how an alert ends
  void end(AlertState& alert, AlertState::Life how);
  void end_expansion_alarm(AlertState& alert);
  bool is_open(const AlertState& alert) const;
  void forget_what_is_over();
  void hold(AlertState& alert, DeliveryId id, const EndpointName& endpoint);
  void hold_again(AlertState& alert, const journal::HowFar& so_far);
  void no_longer_held(const delivery::Moved& moved);
  void end_held_alarm(const EndpointName& endpoint);

  // ahead.cpp: from the claim to the place in flight
  struct Turn {
    plan::Priority priority;
    std::int64_t turn;
    AlertState* alert;
    RouteState* route;
    std::size_t next = 0;  ///< in its stock: the rows before it have to wait
  };
  std::vector<Turn> in_turn();
  void intend_what_may_go();
  bool may_intend() const;
  bool intend_next(Turn& turn);
  int stock_that_may_go(const AlertState& alert, const RouteState& route) const;
  bool any_room(const AlertState& alert, const RouteState& route);
  const EndpointOrder* choose_ahead(const AlertState& alert, const RouteState& route, const delivery::Row& row) const;
  int may_be_ahead(const Lane& lane) const;
  void start_what_is_ready();
  void give_ready_back();

  // last_ditch.cpp: while the store has failed
  bool goes_on_without_store(const AlertState& alert, const RouteState& route) const;
  bool may_claim(const AlertState& alert, const RouteState& route) const;
  void keep(const AlertState& alert, delivery::Row row, base::WallTime due);
  void go_on_from_memory();
  void remember_proof(const delivery::Change& change);

  // pump.cpp: what to do next
  void pump();
  void expire_alerts();
  void expand();
  static bool is_claiming(const AlertState& alert);
  void sweep(AlertState& alert);
  void claim_what_may_go();
  void claim(AlertState& alert, RouteState& route);
  void commit_what_waits();
  bool urgent_alert_begins() const;
  base::MonoTime look_at_stock(const AlertState& alert, const RouteState& route) const;
  std::optional<base::MonoTime> next_wake() const;

  AlertState* find(AlertId id);
  RouteState* find_route(AlertId alert, RouteIndex route);
  Pace& pace(const EndpointName& name) { return lanes_.at(name).pace; }
  const EndpointOrder* order_of(const Try& what);
  void start(std::vector<Try> tries);
  void take_back() { actions_.push_back(TakeBack{}); }
  void change(delivery::Change change) { waiting_changes_.push_back(std::move(change)); }
  /// Once it is on disk: a claim that overtook the change would not have seen the row.
  void note_due(RouteState& route, base::WallTime due);
  void count(const delivery::Moved& moved);
  void spare(DeliveryId id);
  static bool may_send(const AlertState& alert, base::Now now);

  base::Random& random_;
  base::Now now_{};
  std::optional<base::Now> began_;
  base::WallTime due_now_{};  ///< waiting(now_): every due time is told by it, and expiry never
  std::vector<Action> actions_;

  std::map<AlertId, AlertState> alerts_;
  std::map<EndpointName, Lane> lanes_;
  std::map<DeliveryId, Flight> flights_;
  std::map<DeliveryId, Question> questions_;

  std::vector<delivery::Change> waiting_changes_;
  std::vector<std::uint64_t> waiting_tickets_;
  /// Pending rows that were claimed and whose next change is still among waiting_changes_. No sweep may overtake it.
  std::map<DeliveryId, AlertId> unwritten_;
  std::uint64_t next_token_ = 1;
  /// The commit under way: whose intents it holds, whose evidence, and when rows that it leaves open are due.
  struct UnderWay {
    std::uint64_t token;
    std::vector<DeliveryId> intents;
    std::vector<std::uint64_t> tickets;
    std::vector<DeliveryId> proved;
    std::map<DeliveryId, base::WallTime> dues;
  };
  void hand_to_store(const delivery::Change& change, UnderWay& under_way);
  void start_what_is_written(const UnderWay& done, const std::vector<delivery::Moved>& moved);
  /// Between the intent and the byte: certainly not sent.
  void not_sent(std::map<DeliveryId, Flight>::iterator found, std::string why);
  void give_place_back(const Flight& flight);
  std::optional<UnderWay> under_way_;
  /// How far each class has come: the count of whoever was served last.
  std::map<plan::Priority, std::int64_t> served_;
  std::int64_t turn_of(const AlertState& alert, const RouteState& route) const;
  /// catching_up: what was learnt while it had failed is being written; until then the disk knows less than we do.
  enum class Store { works, failed, catching_up } store_ = Store::works;
  /// Rows between two tries, while the store has failed. The last change of each is among waiting_changes_.
  struct Kept {
    delivery::Row row;
    base::MonoTime due;
  };
  std::map<DeliveryId, Kept> kept_;
  std::set<DeliveryId> proved_;  ///< whose proof waits for the store that has failed: not sent again from memory
  enum class Claims { open, ended } claims_ = Claims::open;
};

}  // namespace broadcaster::dispatch
