// Engine: what to do next, after every event.
#include <algorithm>
#include <tuple>
#include <utility>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {
namespace {
/// Small, so that a new class 0 alert waits behind one small claim at most.
constexpr int most_claimed_at_once = 200;
/// When the store cannot follow, nothing new is claimed: back-pressure, no buffering.
constexpr std::size_t most_changes_waiting = 5000;
constexpr int swept_at_once = 400;
constexpr base::milliseconds look_again = std::chrono::seconds(5);
constexpr base::milliseconds first_rows_alone = std::chrono::seconds(1);
constexpr base::milliseconds longest_hold{100};
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
  give_ready_back();
  if (store_ == Store::catching_up && waiting_changes_.empty() && !under_way_) store_ = Store::works;
  if (claims_ == Claims::open && store_ == Store::works) {
    for (auto& [id, alert] : alerts_)
      if (alert.sweeping == AlertState::Sweeping::needed) sweep(alert);
  }
  if (claims_ == Claims::open) {
    if (store_ == Store::failed) go_on_from_memory();
    start_what_is_ready();
  }
  const bool hold = urgent_alert_begins();
  if (claims_ == Claims::open) {
    if (!hold) intend_what_may_go();
    claim_what_may_go();
  }
  if (!hold) commit_what_waits();
  if (store_ == Store::works && claims_ == Claims::open) expand();
}

/// The store works in turn. While it makes and claims the first rows of an urgent alert it is given nothing else to
/// write but stops: each commit in between would be a few milliseconds of a siren's.
bool Engine::urgent_alert_begins() const {
  if (store_ != Store::works || claims_ == Claims::ended) return false;
  const auto begins = [this](const AlertState& alert) {
    if (!is_urgent(alert) || alert.life != AlertState::Life::running) return false;
    if (alert.begun == AlertState::Begun::yes || now_.mono - alert.since >= longest_hold) return false;
    const auto stocked = [](const auto& route) { return !route.second.stock.empty(); };
    if (std::ranges::any_of(alert.routes, stocked)) return false;
    const auto due = [this](const auto& route) { return route.second.next_due && *route.second.next_due <= due_now_; };
    return alert.expanding != AlertState::Expanding::complete || is_claiming(alert) ||
           std::ranges::any_of(alert.routes, due);
  };
  const auto is_stop = [](const delivery::Change& change) { return std::holds_alternative<delivery::Stop>(change); };
  return std::ranges::any_of(alerts_, [&](const auto& entry) { return begins(entry.second); }) &&
         std::ranges::none_of(waiting_changes_, is_stop);
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
  for (const auto& turn : in_turn()) claim(*turn.alert, *turn.route);
}

void Engine::claim(AlertState& alert, RouteState& route) {
  if (route.claiming == RouteState::Claiming::under_way || !route.next_due || *route.next_due > due_now_) return;
  if (!may_claim(alert, route)) return;
  int limit = 0;
  if (alert.life == AlertState::Life::running) {
    const EndpointOrder* roomiest = nullptr;
    int room = 0, reach = 0;
    for (const auto& endpoint : route.order.endpoints) {
      if (endpoint.use == EndpointOrder::Use::held) continue;
      auto& lane = lanes_.at(endpoint.name);
      reach += lane.reach();
      if (const int free = lane.pace.may_start(alert.order.priority, now_.mono); free > room) {
        room = free;
        roomiest = &endpoint;
      }
    }
    // The stock of a fast endpoint lasts for two commits.
    const int stocked = stock_that_may_go(alert, route);
    room = std::clamp(room - stocked, 0, most_claimed_at_once);
    const int more = stocked < reach ? 2 * reach - stocked : 0;
    limit = std::min(room + more, most_claimed_at_once - static_cast<int>(route.stock.size()));
    if (limit <= 0) return;
    room = std::min(room, limit);
    // Held until the rows are here, so that no other alert counts on the same room.
    if (room > 0) pace(roomiest->name).reserve(room, alert.order.priority, now_.mono);
    route.reserved = room;
    route.reserved_at = roomiest ? roomiest->name : EndpointName();
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
  for (auto& [_, lane] : lanes_) lane.commit_begins();
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
base::MonoTime Engine::look_at_stock(const AlertState& alert, const RouteState& route) const {
  auto when = now_.mono + look_again;
  if (const auto patient = alert.since + follow_up_patience; patient > now_.mono) when = std::min(when, patient);
  for (const auto& endpoint : route.order.endpoints)
    if (const auto chance = lanes_.at(endpoint.name).pace.next_chance(alert.order.priority, now_.mono);
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
      if (alert.begun == AlertState::Begun::no && alert.since + longest_hold > now_.mono)
        at(alert.since + longest_hold);
    }
    for (const auto& [__, route] : alert.routes) {
      if (claims && !route.stock.empty() && may_claim(alert, route)) at(look_at_stock(alert, route));
      if (!claims || !route.next_due || route.claiming == RouteState::Claiming::under_way) continue;
      if (!may_claim(alert, route)) continue;
      const auto due = now_.mono + std::max(base::milliseconds(0), *route.next_due - due_now_);
      if (alert.life != AlertState::Life::running) {
        at(due);
        continue;
      }
      for (const auto& endpoint : route.order.endpoints) {
        if (endpoint.use == EndpointOrder::Use::held) continue;
        const auto chance = lanes_.at(endpoint.name).pace.next_chance(alert.order.priority, now_.mono);
        // What is due and has room was claimed just now, or its stock goes first.
        if (chance && std::max(due, *chance) > now_.mono) at(std::max(due, *chance));
      }
    }
  }
  for (const auto& [_, lane] : lanes_)
    for (const auto& row : lane.ready()) {
      at(row.since + Lane::patience);
      if (const auto chance = lane.pace.next_chance(row.priority, now_.mono)) at(*chance);
    }
  for (const auto& [_, flight] : flights_)
    if (flight.guard) at(*flight.guard);
  for (const auto& [_, question] : questions_) at(question.guard);
  if (claims_ == Claims::open)
    for (const auto& [_, kept] : kept_) at(kept.due);
  return wake;
}

}  // namespace broadcaster::dispatch
