// Engine: what each event changes.
#include <algorithm>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {

Engine::Engine(base::Random& random) : random_(random) {}

std::vector<Action> Engine::step(Event event, base::Now now) {
  now_ = now;
  if (!began_) began_ = now;
  due_now_ = waiting(now);
  actions_.clear();
  std::visit([this](auto&& e) { on(std::move(e)); }, std::move(event));
  pump();
  forget_what_is_over();
  actions_.push_back(WakeAt{next_wake()});
  return std::move(actions_);
}

void Engine::on(Released&& event) {
  if (alerts_.contains(event.order.id)) return;  // joined: it is running already
  const auto id = event.order.id;
  AlertState state{.order = std::move(event.order),
                   .expires_mono = {},
                   .since = now_.mono,
                   .routes = {},
                   .life = AlertState::Life::running,
                   .stop_reason = {},
                   .sweeping = AlertState::Sweeping::not_needed,
                   .expanding = AlertState::Expanding::needed};
  state.expires_mono = now_.mono + std::max(base::milliseconds(0), state.order.expires - now_.wall);
  if (state.order.rows == AlertOrder::Rows::complete) state.expanding = AlertState::Expanding::complete;
  for (const auto& route : state.order.routes) {
    for (const auto& endpoint : route.endpoints)
      lanes_.try_emplace(endpoint.name, endpoint.rate_per_second, endpoint.in_flight);
    RouteState route_state;
    route_state.order = route;
    const auto& counts = event.so_far.routes;
    if (const auto found = counts.find(route.index); found != counts.end()) {
      route_state.counts = found->second;
      route_state.next_due = due_now_;  // after a restart: ask the store
    }
    state.routes.emplace(route.index, std::move(route_state));
  }
  hold_again(alerts_.emplace(id, std::move(state)).first->second, event.so_far);
}

void Engine::on(Stopped&& event) {
  auto* alert = find(event.alert);
  if (!alert || alert->life != AlertState::Life::running) {
    if (event.recorded == Stopped::Recorded::no) change(delivery::Stop{event.alert, event.why, now_.wall});
    return;
  }
  alert->stop_reason = event.why;
  end(*alert, AlertState::Life::stopped);
  if (event.recorded == Stopped::Recorded::no) change(delivery::Stop{event.alert, event.why, now_.wall});
}

void Engine::on(RowsExpanded&& event) {
  auto* alert = find(event.alert);
  if (!alert) return;
  for (const auto& [index, added] : event.result.added) {
    auto& route = alert->routes.at(index);
    route.counts[State::pending] += added;
    if (added > 0) note_due(route, due_now_);
  }
  expanded(*alert, event.result);
}

void Engine::on(RowsClaimed&& event) {
  auto* alert = find(event.alert);
  auto* route = find_route(event.alert, event.route);
  if (!alert || !route) return;
  route->claiming = RouteState::Claiming::idle;
  route->next_due = event.result.next_due;
  if (route->reserved > 0) pace(route->reserved_at).give_back(std::exchange(route->reserved, 0), alert->order.priority);
  for (auto& row : event.result.rows) take(*alert, *route, std::move(row));
}

void Engine::on(Committed&& event) {
  if (!under_way_ || under_way_->token != event.token) return;
  const UnderWay done = *std::exchange(under_way_, std::nullopt);
  for (const auto& moved : event.moved) {
    count(moved);
    if (moved.to == State::confirmed || moved.to == State::accepted || moved.to == State::failed) spare(moved.delivery);
  }
  for (const auto ticket : done.tickets) actions_.push_back(Stored{ticket});

  for (const auto& moved : event.moved) {
    const auto due = done.dues.find(moved.delivery);
    auto* route = find_route(moved.alert, moved.route);
    if (due != done.dues.end() && route && (moved.to == State::pending || moved.to == State::unknown))
      note_due(*route, due->second);
  }
  start_what_is_written(done, event.moved);
}

/// Proof of an earlier try has come while this one waits for its channel's room: it need not go.
void Engine::spare(DeliveryId id) {
  const auto found = flights_.find(id);
  if (found == flights_.end()) return;
  found->second.proven = Flight::Proven::yes;
  if (found->second.guard) return;
  if (found->second.stage == Flight::Stage::ready) return not_sent(found, "the try before has proved to be enough");
  if (found->second.stage == Flight::Stage::started) take_back();
  found->second.stage = Flight::Stage::needless;
}

void Engine::start_what_is_written(const UnderWay& done, const std::vector<delivery::Moved>& moved) {
  std::map<DeliveryId, State> after;  // of those whose intent is on disk
  for (const auto& move : moved)
    if (move.to == State::sent || after.contains(move.delivery)) after[move.delivery] = move.to;
  std::vector<Try> tries;
  for (const auto id : done.intents) {
    const auto found = flights_.find(id);
    if (found == flights_.end() || found->second.stage == Flight::Stage::started) continue;
    auto& what = found->second.what;
    auto* alert = find(what.row.alert);
    const auto is = after.find(id);
    if (is == after.end()) {
      // Proof of the try before was there first, and the intent was dropped: there is nothing to send.
      give_place_back(found->second);
      flights_.erase(found);
    } else if (is->second != State::sent || found->second.stage == Flight::Stage::needless) {
      // Proof stands behind the intent, in the same transaction or in the next.
      not_sent(found, "the try before has proved to be enough");
    } else if (!alert || !may_send(*alert, now_)) {
      not_sent(found, "stopped before the first byte");
    } else if (found->second.place) {
      found->second.stage = Flight::Stage::started;
      tries.push_back(what);
    } else {
      found->second.stage = Flight::Stage::ready;
      lanes_.at(what.endpoint).add_ready({alert->order.priority, now_.mono, id});
    }
  }
  start(std::move(tries));
}

void Engine::not_sent(std::map<DeliveryId, Flight>::iterator found, std::string why) {
  Flight flight = std::move(found->second);
  flights_.erase(found);
  give_place_back(flight);
  settle(std::move(flight), delivery::NotSent{{}, std::move(why)});
}

void Engine::give_place_back(const Flight& flight) {
  auto& lane = lanes_.at(flight.what.endpoint);
  if (flight.place) return lane.pace.give_back(*flight.place);
  --lane.ahead;
  lane.remove_ready(flight.what.row.id);
}

void Engine::on(Swept&& event) {
  auto* alert = find(event.alert);
  if (!alert) return;
  for (const auto& moved : event.moved) count(moved);
  alert->sweeping = event.moved.empty() ? AlertState::Sweeping::not_needed : AlertState::Sweeping::needed;
}

void Engine::on(HandedOver&& event) {
  for (const auto& attempt : event.attempts)
    if (const auto found = flights_.find(attempt.delivery);
        found != flights_.end() && found->second.what.attempt == attempt)
      found->second.guard = now_.mono + attempt_guard;
}

void Engine::on(Finished&& event) {
  const auto found = flights_.find(event.attempt.delivery);
  if (found == flights_.end() || found->second.what.attempt != event.attempt || !found->second.place)
    return;  // its guard has ended it
  Flight flight = std::move(found->second);
  flights_.erase(found);
  teach_endpoint(flight, event.outcome);
  settle(std::move(flight), event.outcome);
}

void Engine::on(Proved&& event) {
  const auto* id = std::get_if<DeliveryId>(&event.evidence.about);
  if (id && event.evidence.proof != delivery::Proof::failed) spare(*id);
  change(delivery::Prove{std::move(event.evidence)});
  if (store_ == Store::failed) remember_proof(waiting_changes_.back());
  waiting_tickets_.push_back(event.ticket);
}

void Engine::on(Asked&& event) {
  auto asked = close_question(event.delivery);
  if (asked) resend(std::move(asked->what.row));
}

void Engine::on(EndpointReady&& event) {
  if (event.opened == EndpointReady::Opened::by_a_person)
    if (const auto found = lanes_.find(event.endpoint); found != lanes_.end()) found->second.pace.open();
}

void Engine::on(Woken&&) {
  std::vector<AttemptId> silent;
  for (const auto& [id, flight] : flights_)
    if (flight.guard && now_.mono >= *flight.guard) silent.push_back(flight.what.attempt);
  for (const auto& attempt : silent) on(Finished{attempt, delivery::Unknown{"the channel gave no answer"}});
  std::vector<DeliveryId> unanswered;
  for (const auto& [id, question] : questions_)
    if (now_.mono >= question.guard) unanswered.push_back(id);
  for (const auto id : unanswered) on(Asked{id});
}

void Engine::on(Drain&&) {
  claims_ = Claims::ended;
  take_back();
}

}  // namespace broadcaster::dispatch
