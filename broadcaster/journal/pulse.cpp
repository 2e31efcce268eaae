// What the auditor reads: counters and the oldest waiting row by their indexes, and a count of the rows in pages.
#include "broadcaster/journal/journal.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

base::Result<std::vector<AlertId>> Journal::halted_in_force(base::WallTime at) try {
  std::vector<AlertId> ids;
  auto rows = db_.query(
      "SELECT id FROM alert WHERE stopped_at IS NOT NULL AND expires > ?1"
      " AND NOT EXISTS(SELECT 1 FROM alert b WHERE b.follows = alert.id) ORDER BY id",
      to_ms(at));
  while (rows.next()) ids.emplace_back(rows.integer(0));
  return ids;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<Pulse> Journal::pulse(AlertId alert) try {
  Pulse out;
  {
    auto row = db_.query(
        "SELECT a.stopped_at, e.complete, EXISTS(SELECT 1 FROM alert b WHERE b.follows = a.id) FROM alert a JOIN "
        "expansion e ON e.alert = a.id WHERE a.id = ?1",
        alert.value);
    if (!row.next())
      return base::fail(base::ErrorKind::bad_input, {"journal.no_alert", {{"alert", std::to_string(alert.value)}}});
    out.stopped_at = from_ms(row.maybe_integer(0));
    out.expanded = row.integer(1) != 0;
    if (row.integer(2) != 0) out.followed = Pulse::Followed::yes;
  }
  std::vector<RouteIndex> routes;
  {
    auto rows = db_.query("SELECT n FROM route WHERE alert = ?1", alert.value);
    while (rows.next()) routes.emplace_back(static_cast<int>(rows.integer(0)));
  }
  {
    auto rows = db_.query("SELECT route, state, n FROM counter WHERE alert = ?1 AND n <> 0", alert.value);
    while (rows.next())
      out.counters[RouteIndex(static_cast<int>(rows.integer(0)))][static_cast<State>(rows.integer(1))] +=
          rows.integer(2);
  }
  for (const auto route : routes) {
    auto first = db_.query(statements::oldest_due, alert.value, route.value);
    if (first.next()) out.oldest_due[route] = from_ms(first.integer(0));
  }
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<CountedRows> Journal::count_rows(AlertId alert, RouteIndex route, const std::string& after,
                                              int limit) try {
  CountedRows out{.states = {}, .last = after, .progress = CountedRows::Progress::complete};
  int read = 0;
  auto rows = db_.query(statements::count_page, alert.value, route.value, after, limit);
  while (rows.next()) {
    ++out.states[static_cast<State>(rows.integer(1))];
    out.last = rows.text(0);
    ++read;
  }
  if (read == limit) out.progress = CountedRows::Progress::more;
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

}  // namespace broadcaster::journal
