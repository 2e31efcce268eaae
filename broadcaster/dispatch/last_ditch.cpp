// Engine: what goes on while the journal cannot be written.
//
// With an Immediate release known, sirens and everything else whose repeat is harmless are still sent: rows are claimed
// by reading alone, their intents and answers wait in memory, and the next try of a row is made from memory. Everything
// else waits: without its intent on disk a crash would send it twice. A crash now repeats what is harmless to repeat.
#include <algorithm>

#include "broadcaster/dispatch/engine.hpp"

namespace broadcaster::dispatch {
namespace {
constexpr base::milliseconds no_room_wait{20};
}  // namespace

bool Engine::goes_on_without_store(const AlertState& alert, const RouteState& route) const {
  // By urgency, not by status: a drill rehearses what the real thing would do.
  return alert.order.urgency == alert::Urgency::immediate && alert.life == AlertState::Life::running &&
         std::ranges::all_of(route.order.endpoints, [](const EndpointOrder& endpoint) {
           return endpoint.intent == plan::Intent::with_the_outcome;
         });
}

bool Engine::may_claim(const AlertState& alert, const RouteState& route) const {
  switch (store_) {
    case Store::works:
      return true;
    case Store::failed:
      return goes_on_without_store(alert, route);
    case Store::catching_up:
      return false;
  }
  return false;
}

void Engine::keep(const AlertState& alert, delivery::Row row, base::WallTime due) {
  if (store_ != Store::failed || proved_.contains(row.id)) return;
  const auto route = alert.routes.find(row.route);
  if (route == alert.routes.end() || !goes_on_without_store(alert, route->second)) return;
  const auto id = row.id;
  kept_.insert_or_assign(id, Kept{std::move(row), now_.mono + std::max(base::milliseconds(0), due - due_now_)});
}

void Engine::go_on_from_memory() {
  std::vector<DeliveryId> due;
  for (const auto& [id, kept] : kept_)
    if (kept.due <= now_.mono) due.push_back(id);
  for (const auto id : due) {
    auto& kept = kept_.at(id);
    auto* alert = find(kept.row.alert);
    auto* route = find_route(kept.row.alert, kept.row.route);
    if (!alert || !route || !may_send(*alert, now_)) {
      kept_.erase(id);  // its last change has a due: a sweep or a claim finds it when the store works
      continue;
    }
    const auto* endpoint = choose_endpoint(*alert, *route, kept.row, Behind::nothing);
    if (!endpoint) {
      kept.due = now_.mono + no_room_wait;
      continue;
    }
    auto row = std::move(kept.row);
    kept_.erase(id);
    if (row.state == State::unknown)
      change(delivery::Move{id, State::unknown, State::pending, due_now_, "no proof of the last try: sent again",
                            now_.wall});
    intend(*alert, std::move(row), *endpoint, Placed::at_once);
  }
}

/// The far side has it. What the disk would make of a resend behind this proof, it makes without us.
void Engine::remember_proof(const delivery::Change& change) {
  const auto* prove = std::get_if<delivery::Prove>(&change);
  const auto* id = prove ? std::get_if<DeliveryId>(&prove->evidence.about) : nullptr;
  if (!id) return;
  proved_.insert(*id);
  kept_.erase(*id);
}

void Engine::on(StoreFailed&& event) {
  store_ = Store::failed;
  for (const auto& change : waiting_changes_) remember_proof(change);
  if (under_way_) proved_.insert(under_way_->proved.begin(), under_way_->proved.end());
  actions_.push_back(Alarm{"store", base::Text{"dispatch.store_failed", {{"reason", event.why}}}});
}

void Engine::on(StoreWorks&&) {
  if (store_ != Store::failed) return;
  store_ = Store::catching_up;
  kept_.clear();
  proved_.clear();
  actions_.push_back(Alarm{"store", std::nullopt});
}

}  // namespace broadcaster::dispatch
