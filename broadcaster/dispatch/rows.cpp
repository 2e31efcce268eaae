// Engine: what to do with a claimed row.
#include <algorithm>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {
namespace {
constexpr plan::Priority last_urgent_class = 1;
constexpr std::chrono::seconds urgent_goes_first{5};
}  // namespace

void Engine::take(AlertState& alert, RouteState& route, delivery::Row row) {
  if (row.state == State::unknown)
    take_unknown(alert, route, std::move(row));
  else
    take_pending(alert, route, std::move(row));
}

void Engine::take_pending(AlertState& alert, RouteState& route, delivery::Row row) {
  if (!may_send(alert, now_)) {
    // Pending rows of an alert that is over are the sweep's, claimed or not: a change of ours would race with it.
    if (alert.sweeping == AlertState::Sweeping::not_needed) alert.sweeping = AlertState::Sweeping::needed;
    return;
  }
  route.stock.push_back(std::move(row));
}

void Engine::intend(AlertState& alert, delivery::Row row, const EndpointOrder& endpoint, Placed placed) {
  alert.begun = AlertState::Begun::yes;
  std::optional<Pace::Place> place;
  if (placed == Placed::at_once)
    place = pace(endpoint.name).take(alert.order.priority, now_.mono);
  else
    ++lanes_.at(endpoint.name).ahead;
  const AttemptId attempt{row.id, row.attempts + 1};
  if (row.attempts == 0) lanes_.at(endpoint.name).budget.first_try(now_.mono);
  change(delivery::Intend{attempt, endpoint.name, now_.wall});
  const auto id = row.id;
  // Without a journal only what is harmless to repeat comes here, and does not wait for one.
  const bool at_once = store_ == Store::failed && endpoint.intent == plan::Intent::with_the_outcome;
  Flight flight{
      .what = {.row = std::move(row), .attempt = attempt, .endpoint = endpoint.name, .expires = alert.order.expires},
      .intent = endpoint.intent,
      .stage = Flight::Stage::intending,
      .place = place,
      .guard = {},
      .proven = Flight::Proven::no};
  if (at_once) {
    flight.stage = Flight::Stage::started;
    start({flight.what});
  }
  flights_.insert_or_assign(id, std::move(flight));
}

void Engine::take_unknown(AlertState& alert, RouteState& route, delivery::Row row) {
  const auto over = [&](std::string why) {
    change(delivery::Move{row.id, State::unknown, State::unknown, std::nullopt, std::move(why), now_.wall});
  };
  // A stop forbids every resend of an unknown; after expiry it is final and reported.
  if (!may_send(alert, now_)) return over("no proof before the end");
  const auto order = std::find_if(route.order.endpoints.begin(), route.order.endpoints.end(),
                                  [&](const EndpointOrder& e) { return e.name == row.endpoint; });
  if (order == route.order.endpoints.end()) return over("its endpoint is not in the plan");
  const auto id = row.id;
  Try what{.row = std::move(row), .attempt = {}, .endpoint = order->name, .expires = alert.order.expires};
  what.attempt = {id, what.row.attempts};
  switch (order->on_unknown) {
    case plan::OnUnknown::resend:
      if (must_yield(alert, *order)) {
        const auto due = due_now_ + std::max<base::milliseconds>(urgent_goes_first, until_turn(order->name));
        change(delivery::Move{id, State::unknown, State::unknown, due, "an urgent alert goes first", now_.wall});
        return;
      }
      return ask(alert, std::move(what));
    case plan::OnUnknown::hold:
      change(delivery::Move{id, State::unknown, State::unknown, std::nullopt, "held for a person", now_.wall});
      hold(alert, id, order->name);
      return;
    case plan::OnUnknown::report:
      change(delivery::Move{id, State::unknown, State::unknown, std::nullopt, "reported as unknown", now_.wall});
      return;
  }
}

/// A question takes room as an attempt does; without room it is asked later.
void Engine::ask(const AlertState& alert, Try what) {
  auto& endpoint = pace(what.endpoint);
  if (endpoint.may_ask(alert.order.priority, now_.mono) <= 0) {
    const auto due = due_now_ + std::chrono::seconds(1);
    change(delivery::Move{what.row.id, State::unknown, State::unknown, due, "no room to ask about it", now_.wall});
    return;
  }
  const auto id = what.row.id;
  actions_.push_back(Ask{what});
  questions_.insert_or_assign(id,
                              Question{std::move(what), endpoint.take_question(now_.mono), now_.mono + attempt_guard});
}

std::optional<Engine::Question> Engine::close_question(DeliveryId id) {
  auto found = questions_.extract(id);
  if (!found) return std::nullopt;
  pace(found.mapped().what.endpoint).asked(found.mapped().place);
  return std::move(found.mapped());
}

// Asked, and no proof. Evidence that is on its way into the journal stands before these changes, and the store drops
// what it has overtaken.
void Engine::resend(delivery::Row row) {
  auto* alert = find(row.alert);
  auto* route = find_route(row.alert, row.route);
  if (!alert || !route) return;
  if (!may_send(*alert, now_)) {
    change(delivery::Move{row.id, State::unknown, State::unknown, {}, "no proof before the end", now_.wall});
    return;
  }
  if (proved_.contains(row.id)) {
    // The proof waits for a journal that has failed: this change gives the row back, and is dropped behind it.
    const auto due = due_now_ + std::chrono::seconds(1);
    change(delivery::Move{row.id, State::unknown, State::unknown, due, "proof of the last try waits", now_.wall});
    return;
  }
  const auto* endpoint = choose_endpoint(*alert, *route, row, Behind::a_question);
  if (!endpoint) {
    const auto due = due_now_ + std::chrono::seconds(1);
    change(delivery::Move{row.id, State::unknown, State::unknown, due, "no room to send it again", now_.wall});
    keep(*alert, std::move(row), due);
    return;
  }
  change(delivery::Move{row.id, State::unknown, State::pending, due_now_, "no proof of the last try: sent again",
                        now_.wall});
  intend(*alert, std::move(row), *endpoint, Placed::at_once);
}

bool Engine::may_carry(const EndpointOrder& endpoint, const delivery::Row& row) {
  return endpoint.use == EndpointOrder::Use::allowed &&
         (endpoint.says.contains({row.language, row.zone}) || endpoint.says.contains({row.language, alert::ZoneId()}));
}

const EndpointOrder* Engine::choose_endpoint(AlertState& alert, RouteState& route, const delivery::Row& row,
                                             Behind behind) {
  const EndpointOrder* best = nullptr;
  int best_room = 0;
  for (const auto& endpoint : route.order.endpoints) {
    if (!may_carry(endpoint, row)) continue;
    const bool paid = behind == Behind::a_question && endpoint.name == row.endpoint;
    auto& its = pace(endpoint.name);
    int room = paid ? its.may_follow(alert.order.priority, now_.mono) : its.may_start(alert.order.priority, now_.mono);
    // The one that did not take it the last time only where there is no other.
    if (endpoint.name == row.endpoint && route.order.endpoints.size() > 1) room = std::min(room, 1);
    if (room > best_room) {
      best = &endpoint;
      best_room = room;
    }
  }
  return best;
}

/// When one of those that have a message for it may have room. It is looked at again in every case: rooms change.
base::milliseconds Engine::until_room(const AlertState& alert, const RouteState& route,
                                      const delivery::Row& row) const {
  constexpr base::milliseconds soonest{20}, latest = std::chrono::seconds(5);
  auto wait = latest;
  for (const auto& endpoint : route.order.endpoints) {
    if (!may_carry(endpoint, row)) continue;
    const auto chance = lanes_.at(endpoint.name).pace.next_chance(alert.order.priority, now_.mono);
    const auto until = chance ? std::chrono::ceil<base::milliseconds>(*chance - now_.mono) : soonest;
    wait = std::min(wait, std::max(soonest, until));
  }
  return wait;
}

bool Engine::is_urgent(const AlertState& alert) { return alert.order.priority <= last_urgent_class; }

/// While an urgent alert has people to reach over a bulk endpoint, nobody else sends there a second time.
bool Engine::must_yield(const AlertState& alert, const EndpointOrder& endpoint) const {
  if (endpoint.load == EndpointOrder::Load::few || is_urgent(alert)) return false;
  const auto waits = [](const RouteState& route, State state) {
    const auto n = route.counts.find(state);
    return n != route.counts.end() && n->second > 0;
  };
  const auto uses_it = [&](const auto& entry) {
    const auto& other = entry.second;
    if (!is_urgent(other) || other.life != AlertState::Life::running) return false;
    return std::ranges::any_of(other.routes, [&](const auto& one) {
      const auto& route = one.second;
      return (waits(route, State::pending) || waits(route, State::sent)) &&
             std::ranges::find(route.order.endpoints, endpoint.name, &EndpointOrder::name) !=
                 route.order.endpoints.end();
    });
  };
  return std::ranges::any_of(alerts_, uses_it);
}

bool Engine::must_wait_for_original(const AlertState& alert, const RouteState& route, const delivery::Row& row) const {
  if (!alert.order.follows || now_.mono - alert.since >= follow_up_patience) return false;
  for (const auto& [_, flight] : flights_) {
    if (flight.what.row.alert != *alert.order.follows || flight.what.row.recipient != row.recipient) continue;
    if (flight.proven == Flight::Proven::yes) continue;  // the far side has it, whatever becomes of the answer
    for (const auto& endpoint : route.order.endpoints)
      if (endpoint.name == flight.what.endpoint) return true;
  }
  return false;
}

}  // namespace broadcaster::dispatch
