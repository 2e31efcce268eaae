// Engine: from the claim to the place in flight.
//
// Claimed rows wait in their route's stock until a commit can take their intents: a claim costs no doubt, an intent
// does. A row whose endpoint has a place gets it with its intent, and starts as soon as that is on disk. Where an
// endpoint is fast (lane.hpp) more are intended, without a place: they are ready, and start when one is free.
#include <algorithm>
#include <tuple>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {

/// Strict between classes, in turn inside one.
std::vector<Engine::Turn> Engine::in_turn() {
  std::vector<Turn> order;
  for (auto& [_, alert] : alerts_)
    for (auto& [__, route] : alert.routes)
      order.push_back({alert.order.priority, turn_of(alert, route), &alert, &route});
  std::ranges::sort(order, {}, [](const Turn& one) {
    return std::tuple(one.priority, one.turn, one.alert->order.id, one.route->order.index);
  });
  return order;
}

/// Who has had fewest rows comes first, counted in rows and not in turns: turns of different size would not be fair,
/// and turns by the number of events once gave one alert every place and the other none. Who was not there, or had
/// nothing to send, begins where its class is now.
std::int64_t Engine::turn_of(const AlertState& alert, const RouteState& route) const {
  const auto now = served_.find(alert.order.priority);
  return now == served_.end() ? route.served : std::max(route.served, now->second);
}

void Engine::intend_what_may_go() {
  auto order = in_turn();
  std::erase_if(order, [](const Turn& one) { return one.route->stock.empty(); });
  for (auto first = order.begin(); first != order.end();) {
    // One row of whoever has had fewest, until nobody of this class can go.
    auto last = std::find_if(first, order.end(), [&](const Turn& one) { return one.priority != first->priority; });
    const auto next_class = last;
    while (first != last && may_intend()) {
      const auto next = std::ranges::min_element(first, last, {}, &Turn::turn);
      if (!intend_next(*next)) std::swap(*next, *--last);
    }
    first = next_class;
  }
}

/// What is intended here is in the commit that begins in this step, or leaves at once where there is no journal.
bool Engine::may_intend() const {
  switch (store_) {
    case Store::works:
      return !under_way_ && waiting_changes_.size() < most_changes_at_once;
    case Store::failed:
      return true;
    case Store::catching_up:
      return false;
  }
  return false;
}

/// false: nobody in its stock can go now.
bool Engine::intend_next(Turn& turn) {
  auto& [priority, count, alert, route, next] = turn;
  if (!may_claim(*alert, *route)) return false;
  for (; next < route->stock.size(); ++next) {
    const auto place = route->stock.begin() + static_cast<std::ptrdiff_t>(next);
    if (must_wait_for_original(*alert, *route, *place)) continue;  // it keeps its place in the list
    const auto* endpoint = choose_endpoint(*alert, *route, *place, Behind::nothing);
    const auto placed = endpoint ? Placed::at_once : Placed::when_one_is_free;
    if (!endpoint) endpoint = choose_ahead(*alert, *route, *place);
    if (!endpoint && !any_room(*alert, *route)) return false;
    auto row = std::move(*place);
    route->stock.erase(place);
    unwritten_.emplace(row.id, row.alert);
    if (!endpoint) {
      // There is room, but not where there is a message for it: others may go first.
      const auto due = due_now_ + until_room(*alert, *route, row);
      change(delivery::Move{row.id, State::pending, State::pending, due, {}, now_.wall});
      keep(*alert, std::move(row), due);
    } else {
      served_[priority] = count;
      route->served = ++count;
      intend(*alert, std::move(row), *endpoint, placed);
    }
    return true;
  }
  return false;
}

/// Those that wait for the answer to their original take nobody's room.
int Engine::stock_that_may_go(const AlertState& alert, const RouteState& route) const {
  return static_cast<int>(std::ranges::count_if(
      route.stock, [&](const delivery::Row& row) { return !must_wait_for_original(alert, route, row); }));
}

bool Engine::any_room(const AlertState& alert, const RouteState& route) {
  return std::ranges::any_of(route.order.endpoints, [&](const EndpointOrder& endpoint) {
    return endpoint.use == EndpointOrder::Use::allowed &&
           pace(endpoint.name).may_start(alert.order.priority, now_.mono) > 0;
  });
}

const EndpointOrder* Engine::choose_ahead(const AlertState& alert, const RouteState& route,
                                          const delivery::Row& row) const {
  const EndpointOrder* best = nullptr;
  int best_reach = 0;
  for (const auto& endpoint : route.order.endpoints) {
    const auto& lane = lanes_.at(endpoint.name);
    const int reach = may_be_ahead(lane);
    if (reach <= best_reach || !may_carry(endpoint, row)) continue;
    if (lane.pace.opens_at(alert.order.priority) > now_.mono) continue;
    best = &endpoint;
    best_reach = reach;
  }
  return best;
}

int Engine::may_be_ahead(const Lane& lane) const {
  if (store_ != Store::works) return 0;
  int all = 0;
  for (const auto& [_, other] : lanes_) all += other.ahead;
  return std::min(lane.reach() - lane.ahead, Lane::most_ahead - all);
}

void Engine::start_what_is_ready() {
  std::vector<Try> tries;
  for (auto& [_, lane] : lanes_) {
    while (!lane.ready().empty()) {
      const auto row = lane.ready().front();
      if (lane.pace.may_start(row.priority, now_.mono) <= 0) break;
      auto& flight = flights_.at(row.id);
      flight.place = lane.pace.take(row.priority, now_.mono);
      flight.stage = Flight::Stage::started;
      lane.remove_ready(row.id);
      --lane.ahead;
      tries.push_back(flight.what);
    }
  }
  start(std::move(tries));
}

/// Ready rows that may not go any more, or have waited too long. While the journal cannot be written nothing is begun
/// from here: what may go on without it goes on from memory.
void Engine::give_ready_back() {
  for (auto& [_, lane] : lanes_) {
    const auto ready = lane.ready();
    for (const auto& row : ready) {
      const auto flight = flights_.find(row.id);
      const auto* alert = find(flight->second.what.row.alert);
      if (!alert || !may_send(*alert, now_) || claims_ == Claims::ended)
        not_sent(flight, "stopped before the first byte");
      else if (store_ == Store::failed)
        not_sent(flight, "the journal cannot be written");
      else if (std::max(now_.mono, lane.pace.opens_at(row.priority)) >= row.since + Lane::patience)
        not_sent(flight, "no place in flight came free");
    }
  }
}

}  // namespace broadcaster::dispatch
