// Engine: what to do next, after every event.
#include <algorithm>
#include <tuple>
#include <utility>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {
namespace {
/// Small, so that a new class 0 alert waits behind one small claim at most.
constexpr std::size_t most_claimed_at_once = 200;
/// When the store cannot follow, nothing new is claimed: back-pressure, no buffering.
constexpr std::size_t most_changes_waiting = 5000;
constexpr int swept_at_once = 400;
constexpr base::milliseconds look_again = std::chrono::seconds(5);
constexpr base::milliseconds first_rows_alone = std::chrono::seconds(1);
}  // namespace

Engine::AlertState* Engine::find(AlertId id) {
  const auto found = alerts_.find(id);
  return found == alerts_.end() ? nullptr : &found->second;
}

Engine::RouteState* Engine::find_route(AlertId alert, RouteIndex route) {
  auto* state = find(alert);
  if (!state) return nullptr;
  const auto found = state->routes.find(route);
  return found == state->routes.end() ? nullptr : &found->second;
}

Pace& Engine::pace(const EndpointName& name) { return paces_.at(name); }

const EndpointOrder* Engine::order_of(const Try& what) {
  const auto* route = find_route(what.row.alert, what.row.route);
  if (!route) return nullptr;
  for (const auto& endpoint : route->order.endpoints)
    if (endpoint.name == what.endpoint) return &endpoint;
  return nullptr;
}

bool Engine::may_send(const AlertState& alert, base::Now now) {
  return alert.life == AlertState::Life::running && now.wall < alert.order.expires && now.mono < alert.expires_mono;
}

bool Engine::allows(const AttemptId& attempt, base::Now now) const {
  const auto flight = flights_.find(attempt.delivery);
  if (flight == flights_.end() || flight->second.what.attempt != attempt) return false;
  const auto alert = alerts_.find(flight->second.what.row.alert);
  return claims_ == Claims::open && alert != alerts_.end() && may_send(alert->second, now) &&
         flight->second.stage == Flight::Stage::started && flight->second.proven == Flight::Proven::no;
}

void Engine::note_due(RouteState& route, base::WallTime due) {
  if (!route.next_due || due < *route.next_due) route.next_due = due;
}

void Engine::count(const delivery::Moved& moved) {
  if (moved.from == moved.to) return;
  close_question(moved.delivery);  // evidence has answered it
  auto* route = find_route(moved.alert, moved.route);
  if (!route) return;
  --route->counts[moved.from];
  ++route->counts[moved.to];
  if (moved.from == State::unknown) no_longer_held(moved);
}

void Engine::start(std::vector<Try> tries) {
  if (!tries.empty()) actions_.push_back(Start{std::move(tries)});
}

void Engine::pump() {
  expire_alerts();
  if (store_ == Store::catching_up && waiting_changes_.empty() && !under_way_) store_ = Store::works;
  if (claims_ == Claims::open && store_ == Store::works) {
    for (auto& [id, alert] : alerts_)
      if (alert.sweeping == AlertState::Sweeping::needed) sweep(alert);
  }
  if (claims_ == Claims::open) {
    if (store_ == Store::failed) go_on_from_memory();
    claim_what_may_go();
  }
  commit_what_waits();
  if (store_ == Store::works && claims_ == Claims::open) expand();
}

/// Last, and at the very beginning not before the intents of the first rows: the store works in turn, and the first
/// sirens need not wait until the next rows of a long list are on disk.
void Engine::expand() {
  for (auto& [id, alert] : alerts_) {
    if (alert.expanding != AlertState::Expanding::needed || alert.life != AlertState::Life::running) continue;
    if (now_.mono < alert.expand_at) continue;
    if (now_.mono - alert.since < first_rows_alone && is_claiming(alert)) continue;
    alert.expanding = AlertState::Expanding::under_way;
    actions_.push_back(Expand{id});
  }
}

void Engine::expanded(AlertState& alert, const journal::Expanded& result) {
  constexpr base::milliseconds first_wait = std::chrono::seconds(1), last_wait = std::chrono::seconds(60);
  alert.expanding = AlertState::Expanding::needed;
  if (result.progress == journal::Expanded::Progress::complete) alert.expanding = AlertState::Expanding::complete;
  if (alert.life != AlertState::Life::running) return;
  if (result.progress == journal::Expanded::Progress::held) {
    // Somebody may bring the list back. Everybody else has a row, and goes on meanwhile.
    const auto doublings = std::min(alert.expansions_held++, 10);
    alert.expand_at = now_.mono + std::min<base::milliseconds>(last_wait, first_wait * (std::int64_t{1} << doublings));
  } else {
    alert.expansions_held = 0;
  }
  if (!result.held) return end_expansion_alarm(alert);
  alert.held_alarm = AlertState::HeldAlarm::on;
  actions_.push_back(Alarm{"expand/" + std::to_string(alert.order.id.value), result.held->text});
}

bool Engine::is_claiming(const AlertState& alert) {
  return std::ranges::any_of(
      alert.routes, [](const auto& route) { return route.second.claiming == RouteState::Claiming::under_way; });
}

void Engine::expire_alerts() {
  for (auto& [id, alert] : alerts_) {
    if (alert.life != AlertState::Life::running || may_send(alert, now_)) continue;
    end(alert, AlertState::Life::expired);
    // Unknown rows become final: they are claimed once more and lose their due time.
    for (auto& [_, route] : alert.routes) note_due(route, due_now_);
  }
}

void Engine::sweep(AlertState& alert) {
  // A sweep takes every pending row. Those that we hold have a change on its way that expects them as they were.
  for (const auto& [_, route] : alert.routes)
    if (route.claiming == RouteState::Claiming::under_way) return;
  for (const auto& [_, owner] : unwritten_)
    if (owner == alert.order.id) return;
  alert.sweeping = AlertState::Sweeping::under_way;
  const bool stopped = alert.life == AlertState::Life::stopped;
  actions_.push_back(Sweep{alert.order.id, stopped ? State::cancelled : State::expired,
                           stopped ? alert.stop_reason : std::string("expired")});
}

void Engine::claim_what_may_go() {
  if (waiting_changes_.size() > most_changes_waiting) return;
  // Strict between classes, in turn inside one.
  struct Place {
    plan::Priority priority;
    std::int64_t turn;
    AlertState* alert;
    RouteState* route;
  };
  std::vector<Place> order;
  for (auto& [_, alert] : alerts_)
    for (auto& [__, route] : alert.routes)
      order.push_back({alert.order.priority, turn_of(alert, route), &alert, &route});
  std::ranges::sort(order, {}, [](const Place& place) {
    return std::tuple(place.priority, place.turn, place.alert->order.id, place.route->order.index);
  });
  for (const auto& place : order) claim(*place.alert, *place.route);
}

/// Who has had fewest rows comes first, counted in rows and not in turns: turns of different size would not be fair,
/// and turns by the number of events once gave one alert every place and the other none. Who was not there, or had
/// nothing to send, begins where its class is now.
std::int64_t Engine::turn_of(const AlertState& alert, const RouteState& route) const {
  const auto now = served_.find(alert.order.priority);
  return now == served_.end() ? route.served : std::max(route.served, now->second);
}

void Engine::claim(AlertState& alert, RouteState& route) {
  go_on_with_parked(alert, route);
  if (route.parked.size() >= most_claimed_at_once) return;
  if (route.claiming == RouteState::Claiming::under_way || !route.next_due || *route.next_due > due_now_) return;
  if (!may_claim(alert, route)) return;
  int limit = 0;
  if (alert.life == AlertState::Life::running) {
    const EndpointOrder* roomiest = nullptr;
    for (const auto& endpoint : route.order.endpoints) {
      if (endpoint.use == EndpointOrder::Use::held) continue;
      const int room = pace(endpoint.name).may_start(alert.order.priority, now_.mono);
      if (room > limit) {
        limit = room;
        roomiest = &endpoint;
      }
    }
    if (!roomiest) return;
    limit = std::min(limit, static_cast<int>(most_claimed_at_once));
    served_[alert.order.priority] = turn_of(alert, route);
    route.served = turn_of(alert, route) + limit;
    // Held until the rows are here, so that no other alert counts on the same room.
    pace(roomiest->name).reserve(limit, alert.order.priority, now_.mono);
    route.reserved = limit;
    route.reserved_at = roomiest->name;
  } else {
    limit = swept_at_once;
  }
  route.claiming = RouteState::Claiming::under_way;
  actions_.push_back(Claim{alert.order.id, route.order.index, limit, due_now_});
}

void Engine::commit_what_waits() {
  if (under_way_ || waiting_changes_.empty() || store_ == Store::failed) return;
  auto n = std::min(waiting_changes_.size(), most_changes_at_once);
  // A resend and its intent are one transaction.
  const auto resends = [](const delivery::Change& change) {
    const auto* move = std::get_if<delivery::Move>(&change);
    return move && move->from == State::unknown && move->to == State::pending;
  };
  if (resends(waiting_changes_[n - 1])) --n;
  const auto end = waiting_changes_.begin() + static_cast<std::ptrdiff_t>(n);
  Commit commit{next_token_++, {std::make_move_iterator(waiting_changes_.begin()), std::make_move_iterator(end)}};
  waiting_changes_.erase(waiting_changes_.begin(), end);
  UnderWay under_way{.token = commit.token, .intents = {}, .tickets = {}, .proved = {}, .dues = {}};
  for (const auto& change : commit.changes) hand_to_store(change, under_way);
  under_way_ = std::move(under_way);
  actions_.push_back(std::move(commit));
}

void Engine::hand_to_store(const delivery::Change& change, UnderWay& under_way) {
  if (const auto* intend = std::get_if<delivery::Intend>(&change)) {
    under_way.intents.push_back(intend->attempt.delivery);
    unwritten_.erase(intend->attempt.delivery);
  } else if (const auto* prove = std::get_if<delivery::Prove>(&change)) {
    if (const auto* id = std::get_if<DeliveryId>(&prove->evidence.about)) under_way.proved.push_back(*id);
    under_way.tickets.push_back(waiting_tickets_.front());
    waiting_tickets_.erase(waiting_tickets_.begin());
  } else if (const auto* settle = std::get_if<delivery::Settle>(&change)) {
    if (settle->due) under_way.dues[settle->attempt.delivery] = *settle->due;
  } else if (const auto* move = std::get_if<delivery::Move>(&change)) {
    if (move->due) under_way.dues[move->delivery] = *move->due;
    unwritten_.erase(move->delivery);
  }
}

/// The end of an attempt of the original wakes us by itself.
base::MonoTime Engine::look_at_parked(const AlertState& alert, const RouteState& route) const {
  auto when = now_.mono + look_again;
  if (const auto patient = alert.since + follow_up_patience; patient > now_.mono) when = std::min(when, patient);
  for (const auto& endpoint : route.order.endpoints)
    if (const auto chance = paces_.at(endpoint.name).next_chance(alert.order.priority, now_.mono);
        chance && *chance > now_.mono)
      when = std::min(when, *chance);
  return when;
}

std::optional<base::MonoTime> Engine::next_wake() const {
  std::optional<base::MonoTime> wake;
  const auto at = [&](base::MonoTime time) {
    if (!wake || time < *wake) wake = time;
  };
  // While the store cannot follow, its next answer wakes us.
  const bool claims = claims_ == Claims::open && waiting_changes_.size() <= most_changes_waiting;
  for (const auto& [_, alert] : alerts_) {
    if (alert.life == AlertState::Life::running) {
      // Whichever clock comes first. The wall may jump, so look again from time to time.
      at(now_.mono + look_again);
      at(alert.expires_mono);
      at(now_.mono + std::max<base::milliseconds>(base::milliseconds(1), alert.order.expires - now_.wall));
      if (alert.expanding == AlertState::Expanding::needed && alert.expand_at > now_.mono) at(alert.expand_at);
    }
    for (const auto& [__, route] : alert.routes) {
      if (claims && !route.parked.empty() && may_claim(alert, route)) at(look_at_parked(alert, route));
      if (!claims || !route.next_due || route.claiming == RouteState::Claiming::under_way) continue;
      if (!may_claim(alert, route)) continue;
      const auto due = now_.mono + std::max(base::milliseconds(0), *route.next_due - due_now_);
      if (alert.life != AlertState::Life::running) {
        at(due);
        continue;
      }
      for (const auto& endpoint : route.order.endpoints) {
        if (endpoint.use == EndpointOrder::Use::held) continue;
        const auto chance = paces_.at(endpoint.name).next_chance(alert.order.priority, now_.mono);
        if (chance) at(std::max(due, *chance));
      }
    }
  }
  for (const auto& [_, flight] : flights_)
    if (flight.guard) at(*flight.guard);
  for (const auto& [_, question] : questions_) at(question.guard);
  if (claims_ == Claims::open)
    for (const auto& [_, kept] : kept_) at(kept.due);
  return wake;
}

}  // namespace broadcaster::dispatch
