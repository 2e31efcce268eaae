// Engine: how an alert ends, and when nothing need be known of it any more.
//
// A process serves for years: what is over and settled leaves the memory. Evidence that comes later finds its row on
// disk, and a halt that comes later is written there.
#include <algorithm>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {

void Engine::end(AlertState& alert, AlertState::Life how) {
  alert.life = how;
  alert.sweeping = AlertState::Sweeping::needed;
  take_back();
  for (auto& [_, route] : alert.routes) route.stock.clear();  // pending as they stand on disk: the sweep's
  // What a person was told about it is no longer true: nothing of it waits for anything any more.
  const auto id = std::to_string(alert.order.id.value);
  for (const auto& route : alert.order.routes)
    for (const auto& endpoint : route.endpoints)
      if (endpoint.use == EndpointOrder::Use::held)
        actions_.push_back(Alarm{"held/" + id + "/" + endpoint.name.value, std::nullopt});
  end_expansion_alarm(alert);
  for (const auto& [endpoint, _] : std::exchange(alert.held, {})) end_held_alarm(endpoint);
}

void Engine::end_expansion_alarm(AlertState& alert) {
  if (std::exchange(alert.held_alarm, AlertState::HeldAlarm::off) == AlertState::HeldAlarm::on)
    actions_.push_back(Alarm{"expand/" + std::to_string(alert.order.id.value), std::nullopt});
}

bool Engine::is_open(const AlertState& alert) const {
  if (alert.sweeping != AlertState::Sweeping::not_needed) return true;
  // What was not expanded when its alert ended never will be.
  if (alert.expanding == AlertState::Expanding::under_way) return true;
  if (alert.expanding == AlertState::Expanding::needed && alert.life == AlertState::Life::running) return true;
  for (const auto& [_, route] : alert.routes) {
    if (route.next_due || route.claiming == RouteState::Claiming::under_way) return true;
    for (const auto state : {State::pending, State::sent})
      if (const auto n = route.counts.find(state); n != route.counts.end() && n->second > 0) return true;
  }
  const auto is_mine = [&](const auto& entry) { return entry.second.what.row.alert == alert.order.id; };
  return std::ranges::any_of(flights_, is_mine) || std::ranges::any_of(questions_, is_mine);
}

std::optional<Engine::Progress> Engine::progress(AlertId id) const {
  const auto found = alerts_.find(id);
  if (found == alerts_.end()) return std::nullopt;
  const auto& alert = found->second;
  Progress progress;
  progress.life = static_cast<Progress::Life>(alert.life);
  for (const auto& [index, route] : alert.routes) progress.routes[index] = route.counts;
  progress.settled = !is_open(alert) && waiting_changes_.empty() && !under_way_;
  return progress;
}

void Engine::forget_what_is_over() {
  // Whose rows the waiting changes are about is not asked: a quiet moment comes.
  if (!waiting_changes_.empty() || under_way_) return;
  std::erase_if(alerts_, [this](const auto& entry) {
    if (entry.second.life == AlertState::Life::running || is_open(entry.second)) return false;
    actions_.push_back(Forget{entry.first});
    return true;
  });
}

void Engine::hold(AlertState& alert, DeliveryId id, const EndpointName& endpoint) {
  alert.held[endpoint].insert(id);
  actions_.push_back(Alarm{"held/" + endpoint.value, base::Text{"dispatch.held", {{"endpoint", endpoint.value}}}});
}

/// Before a restart they waited for a person: he is told again.
void Engine::hold_again(AlertState& alert, const journal::HowFar& so_far) {
  for (const auto& route : alert.order.routes)
    for (const auto& endpoint : route.endpoints) {
      const auto held = so_far.held.find(endpoint.name);
      if (held == so_far.held.end() || endpoint.on_unknown != plan::OnUnknown::hold) continue;
      for (const auto id : held->second) hold(alert, id, endpoint.name);
    }
}

void Engine::no_longer_held(const delivery::Moved& moved) {
  auto* alert = find(moved.alert);
  if (!alert) return;
  for (auto rows = alert->held.begin(); rows != alert->held.end(); ++rows) {
    if (rows->second.erase(moved.delivery) == 0 || !rows->second.empty()) continue;
    const auto endpoint = rows->first;
    alert->held.erase(rows);
    return end_held_alarm(endpoint);
  }
}

/// It is told once for all alerts.
void Engine::end_held_alarm(const EndpointName& endpoint) {
  const auto holds = [&](const auto& entry) { return entry.second.held.contains(endpoint); };
  if (std::ranges::none_of(alerts_, holds)) actions_.push_back(Alarm{"held/" + endpoint.value, std::nullopt});
}

}  // namespace broadcaster::dispatch
