#include "broadcaster/service/audit_reading.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/journal/disk_space.hpp"
#include "broadcaster/service/status_json.hpp"

namespace broadcaster::service {
namespace {

bool is_waiting(const alert::Alert& alert) { return alert::is_all_clear(alert) && alert::has_waiting_zones(alert); }

/// Halted before anything of it can have left: then nobody waits for another word.
bool nobody_got_it(const journal::Pulse& pulse) {
  if (!pulse.stopped_at) return false;
  for (const auto& [route, states] : pulse.counters)
    for (const auto& [state, n] : states)
      if (n > 0 && state != delivery::State::pending && state != delivery::State::cancelled &&
          state != delivery::State::expired)
        return false;
  return true;
}

}  // namespace

base::Result<AuditReader::Fixed> AuditReader::look_up(journal::SqliteStore& store, delivery::AlertId id) {
  const auto stored = store.alert(id);
  if (!stored) return std::unexpected(stored.error());
  const auto plan = plan_of(stored->release);
  if (!plan) return std::unexpected(plan.error());
  Fixed out;
  out.in_force = {.code = stored->release.filling.code,
                  .urgency = alert::Urgency::unknown,
                  .severity = alert::Severity::unknown,
                  .type = plan->alert.type,
                  .waiting = is_waiting(plan->alert) ? InForce::Waiting::yes : InForce::Waiting::no,
                  .expires = stored->expires,
                  .followed = InForce::Followed::no};
  // CAP's order: Immediate and Extreme are the first.
  for (const auto& info : plan->alert.infos) {
    out.in_force.urgency = std::min(out.in_force.urgency, info.urgency);
    out.in_force.severity = std::min(out.in_force.severity, info.severity);
  }
  out.released_at = stored->release.released_at;
  for (std::size_t n = 0; n < plan->routes.size(); ++n)
    out.routes[delivery::RouteIndex(static_cast<int>(n))] = plan->routes[n].name.value;
  out.expected = journal::expected_rows(*plan);
  return out;
}

base::Result<AuditReading> AuditReader::read(journal::SqliteStore& store, base::WallTime now) {
  std::set<delivery::AlertId> ids;
  for (const auto& some :
       {store.open_alerts(), store.alerts_in_force(now - lapse_shown), store.halted_in_force(now - lapse_shown)}) {
    if (!some) return std::unexpected(some.error());
    ids.insert(some->begin(), some->end());
  }
  std::erase_if(known_, [&](const auto& one) { return !ids.contains(one.first); });
  AuditReading out;
  for (const auto id : ids) {
    auto known = known_.find(id);
    if (known == known_.end()) {
      auto fixed = look_up(store, id);
      if (!fixed && fixed.error().kind == base::ErrorKind::unavailable) return std::unexpected(fixed.error());
      known = known_.emplace(id, fixed ? std::optional(std::move(*fixed)) : std::nullopt).first;
    }
    if (!known->second) continue;
    auto pulse = store.pulse(id);
    if (!pulse) return std::unexpected(pulse.error());
    AuditedAlert alert{.id = id,
                       .in_force = known->second->in_force,
                       .released_at = known->second->released_at,
                       .routes = known->second->routes,
                       .expected = known->second->expected,
                       .pulse = std::move(*pulse)};
    if (alert.pulse.followed == journal::Pulse::Followed::yes || nobody_got_it(alert.pulse))
      alert.in_force.followed = InForce::Followed::yes;
    out.alerts.push_back(std::move(alert));
  }
  out.free_bytes = journal::free_bytes(store.folder());
  return out;
}

}  // namespace broadcaster::service
