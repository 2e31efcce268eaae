#include "broadcaster/service/retention.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/service/step_through.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

constexpr auto last_key = "retention/last";
constexpr std::chrono::minutes again_after{10};  ///< while an alert is being sent, or when the disk failed

bool something_goes(const journal::ErasureReport& report) {
  return !report.snapshots.empty() ||
         std::ranges::any_of(report.alerts, [](const auto& one) { return !one.open && !one.erased_at; });
}

/// Nothing of any alert waits, is under way or is asked about. One that ran out a day ago and whose rows were never all
/// made (its list cannot be read any more) waits for nothing.
base::Result<bool> is_quiet(journal::SqliteStore& store, base::WallTime now) {
  const auto open = store.open_alerts();
  if (!open) return std::unexpected(open.error());
  for (const auto id : *open) {
    const auto alert = store.alert(id);
    if (!alert) return std::unexpected(alert.error());
    if (alert->expanded || alert->expires > now - std::chrono::days(1)) return false;
  }
  return true;
}

}  // namespace

base::WallTime when_next(std::optional<base::WallTime> last, base::WallTime now) {
  if (!last || *last > now) return now;
  return std::max(now, *last + retention_every);
}

Retention::Retention(RetentionTools tools, std::chrono::days keep) : tools_(tools), keep_(keep) {}

Retention::~Retention() {
  *alive_ = false;
  if (timer_) tools_.loop.cancel(*timer_);
}

void Retention::start() {
  tools_.store.run([](journal::SqliteStore& store) { return store.load(last_key); },
                   [this, alive = alive_](const base::Result<std::optional<std::string>>& kept) {
                     if (!*alive) return;
                     if (kept && *kept)
                       if (const auto at = base::parse_utc(**kept)) last_ = *at;
                     wait_until(when_next(last_, tools_.clock.now().wall));
                   });
}

json::value Retention::json() const {
  json::object out{{"keep_days", keep_.count()}};
  if (last_) out["last"] = base::format_utc(*last_);
  if (next_) out["next"] = base::format_utc(*next_);
  return out;
}

void Retention::wait_until(base::WallTime at) {
  next_ = at;
  const auto left = std::max(base::milliseconds(0), at - tools_.clock.now().wall);
  timer_ = tools_.loop.after(left, [this] {
    timer_.reset();
    look();
  });
}

void Retention::look() {
  tools_.store.run([now = tools_.clock.now().wall](journal::SqliteStore& store) { return is_quiet(store, now); },
                   [this, alive = alive_](base::Result<bool> quiet) {
                     if (!*alive) return;
                     if (!quiet) return did(std::unexpected(quiet.error()));
                     const auto now = tools_.clock.now().wall;
                     if (!*quiet) return wait_until(now + again_after);
                     try_out(now - keep_);
                   });
}

/// First only what would go: a day on which nothing does leaves no entry.
void Retention::try_out(base::WallTime before) {
  using journal::ErasePeople;
  tools_.store.run(
      [before, now = tools_.clock.now().wall](journal::SqliteStore& store) {
        return ErasePeople::begin(store, before, now, ErasePeople::What::trial);
      },
      [this, before, alive = alive_](base::Result<ErasePeople> begun) {
        if (!*alive) return;
        if (!begun) return did(std::unexpected(begun.error()));
        const auto trial = std::make_shared<ErasePeople>(std::move(*begun));
        step_through(tools_.store, trial, [this, before, trial, alive](const base::Result<void>& looked) {
          if (!*alive) return;
          if (!looked || !something_goes(trial->report())) return did(looked);
          erase(before);
        });
      });
}

void Retention::erase(base::WallTime before) {
  using journal::ErasePeople;
  const auto note = base::canonical_json(json::object{
      {"before", base::format_utc(before)}, {"by", "policy.yaml, retention " + std::to_string(keep_.count()) + "d"}});
  tools_.store.run(
      [before, note, now = tools_.clock.now().wall](journal::SqliteStore& store) -> base::Result<ErasePeople> {
        // Who wanted it stands on the record before the first number goes.
        if (auto noted = store.note("erase", note, now); !noted) return std::unexpected(noted.error());
        return ErasePeople::begin(store, before, now, ErasePeople::What::erase);
      },
      [this, alive = alive_](base::Result<ErasePeople> begun) {
        if (!*alive) return;
        if (!begun) return did(std::unexpected(begun.error()));
        const auto erasing = std::make_shared<ErasePeople>(std::move(*begun));
        step_through(tools_.store, erasing, [this, erasing, alive](const base::Result<void>& done) {
          if (!*alive) return;
          if (done) base::log::info("retention: " + std::to_string(erasing->report().numbers) + " numbers are erased");
          did(done);
        });
      });
}

void Retention::did(const base::Result<void>& done) {
  const auto now = tools_.clock.now().wall;
  if (!done) {
    base::log::error("phone numbers could not be erased", done.error());
    tools_.driver.alarm(plan::EndpointName(), "retention",
                        base::Text{"service.retention_failed", {{"days", std::int64_t{keep_.count()}}}});
    return wait_until(now + again_after);
  }
  tools_.driver.alarm(plan::EndpointName(), "retention", std::nullopt);
  last_ = now;
  tools_.store.run([now](journal::SqliteStore& store) { return store.save(last_key, base::format_utc(now)); },
                   [](const base::Result<void>& saved) {
                     // Then the next start looks once more.
                     if (!saved) base::log::warning("retention: the time of the last run could not be kept");
                   });
  wait_until(now + retention_every);
}

}  // namespace broadcaster::service
