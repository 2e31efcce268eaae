// What `status --json` says, and what every screen is drawn from.
//
//   {"mode":"drill","owner":{"pid":…},"audit":AUDIT,"retention":RETENTION,"feeds":FEEDS,"pages":PAGES,"signed_set":SET,
//    "alarms":[{"key","text","since"}],"alerts":[ALERT]}
//   AUDIT: auditor.hpp; null where nobody sends
//   RETENTION: retention.hpp; null where nobody sends, or numbers are kept
//   FEEDS: {"feeds","in_trouble","drafts","questions"}, numbers of each
//   PAGES: paging/pages.hpp
//   SET: set_guard.hpp; null in a drill
//   ALERT: identifier, code, status, hazard, headline, authority, false_alarm, released_at, released_by, expires,
//   stopped_at,
//     stop_reason (as in the record), stop ({how: halted, by, note} | {how: false_alarm|update|all_clear, code} | {how:
//     other, text}), life (running|stopped|expired), settled, follows_up, deliveries {planned, pending, …, cancelled},
//     glass? {person, role, reason, paged_at} (who released alone), fired? {person, role, at, form} (who fired which
//     prepared alert; form: SHA-256), confirmation (of an all-clear alone), differs
//     (posts that were read back and are not what was approved), endpoints [{name, channel, route, held, reachability,
//     planned, every state, differs, attempts, possible_duplicates,
//       first_ms, last_ms, first_proven_ms, last_proven_ms}]  (milliseconds from release; null: not yet)
//     zones [{id, name, people, sirens, sounding, failed, silent, floor_percent, floor_met}], blocked
// gather() reads (store thread); the rest is pure.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/dispatch/driver.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

/// Everything of one alert that is on disk.
struct AlertView {
  journal::AlertStatus status;
  plan::Plan plan;                             ///< what went out: with a false alarm the prepared one
  std::vector<journal::DeliveryLine> devices;  ///< of routes that address devices (sirens)
  std::vector<approval::Signature> waiting;    ///< of who says that it is a false alarm and needs a second
};

base::Result<AlertView> gather(journal::SqliteStore& store, delivery::AlertId alert);

/// The plans of the alerts that are watched: they never change, and reading one takes longer than all the rest.
class PlanCache {
 public:
  base::Result<plan::Plan> plan_of(const journal::StoredAlert& alert);

 private:
  std::map<delivery::AlertId, plan::Plan> plans_;
};
base::Result<AlertView> gather(journal::SqliteStore& store, delivery::AlertId alert, PlanCache& plans);

/// What only the running owner knows of an endpoint.
struct EndpointNow {
  channels::Reachability reachability = channels::Reachability::unknown;
  enum class Held { no, yes } held = Held::no;
};

boost::json::object alert_json(const AlertView& view, const std::optional<dispatch::Engine::Progress>& progress,
                               const std::map<plan::EndpointName, EndpointNow>& now, base::WallTime at);

/// The plan that a stored release sends: the signed one, or the false-alarm plan inside it.
base::Result<plan::Plan> plan_of(const approval::StoredRelease& stored);

}  // namespace broadcaster::service
