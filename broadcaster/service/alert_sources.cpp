#include "broadcaster/service/alert_sources.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/service/status_json.hpp"

namespace broadcaster::service {
namespace {

base::Result<std::optional<feeds::OpenAlert>> look_up(journal::SqliteStore& store, delivery::AlertId id) {
  const auto stored = store.alert(id);
  if (!stored) return std::unexpected(stored.error());
  const auto plan = plan_of(stored->release);
  if (!plan) return std::unexpected(plan.error());
  if (plan->alert.type == alert::MessageType::cancel || alert::is_all_clear(plan->alert)) return std::nullopt;
  return feeds::OpenAlert{stored->release.filling.code, plan->alert.source};
}

}  // namespace

base::Result<std::vector<feeds::OpenAlert>> AlertSources::open_alerts(journal::SqliteStore& store, base::WallTime now) {
  const auto ids = store.alerts_in_force(now);
  if (!ids) return std::unexpected(ids.error());
  std::erase_if(known_, [&](const auto& one) { return std::ranges::find(*ids, one.first) == ids->end(); });
  std::vector<feeds::OpenAlert> out;
  for (const auto id : *ids) {
    auto known = known_.find(id);
    if (known == known_.end()) {
      auto found = look_up(store, id);
      if (!found && found.error().kind == base::ErrorKind::unavailable) return std::unexpected(found.error());
      known = known_.emplace(id, found ? std::move(*found) : std::nullopt).first;
    }
    if (known->second) out.push_back(*known->second);
  }
  return out;
}

}  // namespace broadcaster::service
