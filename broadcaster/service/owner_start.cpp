#include "broadcaster/service/owner_start.hpp"

#include <unistd.h>

#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/clock_state.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/dispatch/order.hpp"
#include "broadcaster/dispatch/policy.hpp"
#include "broadcaster/service/status_json.hpp"
#include "broadcaster/service/take_over.hpp"

namespace broadcaster::service {
namespace {

/// What the times of the record are worth: they are the machine's wall clock's.
boost::json::object clock_json() {
  const auto clock = base::clock_state();
  boost::json::object out{{"source", "CLOCK_REALTIME"}, {"synchronised", base::name(clock.synchronised)}};
  if (clock.may_be_off) out["may_be_off_ms"] = clock.may_be_off->count();
  return out;
}

/// May this state send, and in which epoch? What else the fence knows goes to `known`.
base::Result<Standing> stand(journal::SqliteStore& store, const OwnerOptions& options, base::WallTime now,
                             BeforeStart& known) {
  auto standing = read_standing(store);
  if (!standing) return standing;
  if (auto may = may_send(*standing); !may) return std::unexpected(may.error());
  const auto fence = fence_of(options);
  if (!fence) return standing;
  const auto owner = fence->owner_within(fence_patience);
  if (!owner) return standing;
  if (const auto set = fence->newest_set_within(fence_patience)) known.set_elsewhere = *set;
  if (*owner && outranks(**owner, standing->epoch, standing->claim)) {
    if (auto marked = mark_fenced(store, (*owner)->machine, (*owner)->epoch, now); !marked)
      return std::unexpected(marked.error());
    return base::fail(base::ErrorKind::refused, {"service.fenced", {{"by", (*owner)->machine}}});
  }
  if (!*owner || (*owner)->epoch < standing->epoch)
    if (auto said = fence->claim({standing->epoch, machine_name(), now, standing->claim}); !said)
      base::log::error("the fence cannot be written: " + fence->folder().string());
  return standing;
}

/// For those who only look: they may see everything, and release nothing that would never be sent.
std::optional<base::Error> silence(journal::SqliteStore& store) {
  const auto standing = read_standing(store);
  if (!standing) return std::nullopt;  // the journal says it better
  const auto may = may_send(*standing);
  return may ? std::nullopt : std::optional(may.error());
}

}  // namespace

base::Result<Found> recover(journal::SqliteStore& store, const std::vector<delivery::AlertId>& ids,
                            base::WallTime now) {
  Found found;
  for (const auto id : ids) {
    const auto one = [&]() -> base::Result<ToResume> {
      auto alert = store.alert(id);
      if (!alert) return std::unexpected(alert.error());
      auto plan = plan_of(alert->release);
      if (!plan) return std::unexpected(plan.error());
      const auto longest = dispatch::backoff_of(dispatch::urgency_of(*plan)).cap;
      if (auto recovered = store.recover(id, *plan, now, longest); !recovered)
        return std::unexpected(recovered.error());
      auto so_far = store.how_far(id);
      if (!so_far) return std::unexpected(so_far.error());
      return ToResume{std::move(*alert), std::move(*so_far)};
    };
    auto resumed = one();
    if (resumed)
      found.resume.push_back(std::move(*resumed));
    else if (store.broken() || resumed.error().kind == base::ErrorKind::unavailable)
      return std::unexpected(resumed.error());
    else
      found.unreadable.emplace_back(id, resumed.error());
  }
  return found;
}

std::optional<Fence> fence_of(const OwnerOptions& options) {
  if (options.work != Work::send || options.config.upkeep.fence.folder.empty()) return std::nullopt;
  return Fence(options.config.upkeep.fence.folder, options.config.agency.id, options.mode);
}

namespace {

/// To send: what is owned, and what is open.
base::Result<void> find_open(journal::SqliteStore& store, const OwnerOptions& options, BeforeStart& known) {
  const auto now = base::SystemClock().now().wall;
  auto standing = stand(store, options, now, known);
  if (!standing) return std::unexpected(standing.error());
  known.standing = std::move(*standing);
  const auto open = store.open_alerts();
  if (!open) return std::unexpected(open.error());
  auto recovered = recover(store, *open, now);
  if (!recovered) return std::unexpected(recovered.error());
  known.found = std::move(*recovered);
  const auto entry = base::canonical_json(boost::json::object{
      {"pid", ::getpid()}, {"open", open->size()}, {"unsigned", store.unsigned_entries()}, {"clock", clock_json()}});
  return store.note("owner_started", entry, now);
}

}  // namespace

base::Checked<BeforeStart> look_before_start(journal::SqliteStore& store, OwnerOptions& options) {
  BeforeStart known;
  const bool live = options.mode == alert::Mode::live;
  if (live) known.signed_set = load_accepted_set(store);
  switch (options.work) {
    case Work::read:
      known.silent = silence(store);
      return known;
    case Work::send:
      break;
  }
  if (live && options.reads == OwnerOptions::Reads::in_force) {
    const auto now = base::SystemClock().now().wall;
    auto config = config_in_force(options.config.folder, known.signed_set.value_or(nullptr), now);
    if (!config) return std::unexpected(std::move(config.error()));
    options.config = std::move(*config);
  }
  if (auto found = find_open(store, options, known); !found) return std::unexpected(base::Errors{found.error()});
  return known;
}

}  // namespace broadcaster::service
