// What may be worked on next, and what was in flight when the process ended.
#include <stdexcept>

#include "broadcaster/journal/counters.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

namespace {

/// A list of people is never looked up: it may be a million. An account's recipient is its language.
bool is_account(const delivery::Row& row) {
  const auto& language = row.language.value;
  return !language.empty() && (row.recipient == language || row.recipient.starts_with(language + "/"));
}

std::vector<delivery::Earlier> earlier_of(sqlite::Database& db, const delivery::Row& row) {
  std::vector<delivery::Earlier> out;
  auto rows = db.query(statements::earlier, row.alert.value, row.recipient);
  while (rows.next()) out.push_back({plan::EndpointName(rows.text(0)), rows.text(1)});
  return out;
}

}  // namespace

// One indexed query (delivery_claim). Rows that are claimed already stand at the front of the index until their intent
// is written, and are stepped over: they are no more than what the dispatcher holds.
base::Result<Claimed> Journal::claim(AlertId alert, RouteIndex route, base::WallTime at, int limit) try {
  Claimed out;
  auto rows = db_.query(statements::claim, alert.value, route.value);
  while (rows.next()) {
    const auto id = rows.integer(0);
    if (claimed_.contains(id)) continue;
    const auto due = from_ms(rows.integer(1));
    if (due > at || out.rows.size() >= static_cast<std::size_t>(std::max(limit, 0))) {
      out.next_due = due;
      break;
    }
    out.rows.push_back({.id = delivery::DeliveryId(id),
                        .alert = alert,
                        .route = route,
                        .recipient = rows.text(2),
                        .language = alert::Language(rows.text(3)),
                        .zone = alert::ZoneId(rows.text(4)),
                        .state = static_cast<State>(rows.integer(5)),
                        .attempts = static_cast<int>(rows.integer(6)),
                        .endpoint = plan::EndpointName(rows.text(7)),
                        .memo = rows.text(8)});
  }
  for (auto& row : out.rows) {
    if (is_account(row)) row.earlier = earlier_of(db_, row);
    claimed_.insert(row.id.value);
  }
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(broke(failure));
}

base::Result<HowFar> Journal::how_far(AlertId alert) {
  auto all = status(alert);
  if (!all) return std::unexpected(all.error());
  HowFar out{.routes = std::move(all->routes), .held = {}};
  try {
    auto rows = db_.query(statements::unknown_held, alert.value);
    while (rows.next()) out.held[plan::EndpointName(rows.text(1))].emplace_back(rows.integer(0));
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(error_of(failure, folder_));
  }
  return out;
}

namespace {

/// How long an unknown row of this endpoint waits before it is asked about.
base::milliseconds reconcile_after(const plan::Plan& plan, const plan::EndpointName& name) {
  for (const auto& endpoint : plan.endpoints)
    if (endpoint.name == name && endpoint.intent == plan::Intent::before_the_byte) return endpoint.reconcile_after;
  return base::milliseconds(0);
}

struct InFlight {
  std::int64_t id;
  RouteIndex route;
  plan::EndpointName endpoint;
  int attempt;
};

/// Not many: what is SENT is bounded by the windows of the endpoints.
std::vector<InFlight> in_flight(sqlite::Database& db, AlertId alert) {
  std::vector<InFlight> out;
  auto rows = db.query(statements::sent, alert.value);
  while (rows.next())
    out.push_back({rows.integer(0), RouteIndex(static_cast<int>(rows.integer(1))), plan::EndpointName(rows.text(2)),
                   static_cast<int>(rows.integer(3))});
  return out;
}

struct NewDue {
  std::int64_t id;
  base::WallTime due;
};

/// Whose due time cannot be meant: the wall was set back since it was written.
std::vector<NewDue> due_too_late(sqlite::Database& db, AlertId alert, const plan::Plan& plan, base::WallTime at,
                                 base::milliseconds longest) {
  std::vector<NewDue> out;
  for (std::size_t route = 0; route < plan.routes.size(); ++route) {
    auto rows = db.query(statements::due_after, alert.value, static_cast<std::int64_t>(route), to_ms(at));
    while (rows.next()) {
      const auto due = from_ms(rows.integer(1));
      const bool unknown = static_cast<State>(rows.integer(2)) == State::unknown;
      const auto after = unknown ? reconcile_after(plan, plan::EndpointName(rows.text(3))) : base::milliseconds(0);
      if (due > at + (unknown ? after : longest)) out.push_back({rows.integer(0), at + after});
    }
  }
  return out;
}

}  // namespace

base::Result<std::int64_t> Journal::recover(AlertId alert, const plan::Plan& plan, base::WallTime at,
                                            base::milliseconds longest) {
  std::vector<InFlight> rows;
  std::vector<NewDue> late;
  try {
    rows = in_flight(db_, alert);
    late = due_too_late(db_, alert, plan, at, longest);
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(error_of(failure, folder_));
  }
  if (rows.empty() && late.empty()) return 0;
  return transact("recovered", now(), [&](boost::json::object& body) {
    Counters counters;
    boost::json::array ids, hurried;
    for (const auto& row : rows) {
      const auto due = at + reconcile_after(plan, row.endpoint);
      if (db_.run("UPDATE delivery SET state = 4, due = ?2 WHERE id = ?1 AND state = 1", row.id, to_ms(due)) != 1 ||
          db_.run("UPDATE attempt SET ended = ?3, outcome = 'unknown', why = 'the process ended' WHERE delivery = ?1"
                  " AND n = ?2 AND ended IS NULL",
                  row.id, row.attempt, to_ms(at)) != 1)
        throw std::logic_error("journal: a row that was SENT has no open attempt");
      counters.add(alert, row.route, row.endpoint, State::sent, -1);
      counters.add(alert, row.route, row.endpoint, State::unknown, +1);
      ids.push_back(row.id);
    }
    for (const auto& row : late) {
      if (db_.run("UPDATE delivery SET due = ?2 WHERE id = ?1 AND state IN (0, 4)", row.id, to_ms(row.due)) != 1)
        throw std::logic_error("journal: a row that waits is not open");
      hurried.push_back(row.id);
    }
    counters.write(db_);
    body["alert"] = alert.value;
    body["deliveries"] = std::move(ids);
    if (!hurried.empty()) body["hurried"] = std::move(hurried);
    return static_cast<std::int64_t>(rows.size());
  });
}

}  // namespace broadcaster::journal
