// The copy for a second machine, and what that machine must hold for possible: the first one went on after the copy.
#include <stdexcept>

#include "broadcaster/journal/counters.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

base::Result<void> Journal::begin_backup(const std::filesystem::path& file) try {
  backup_.reset();
  backup_ = std::make_unique<sqlite::Backup>(db_, file);
  return {};
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, file.parent_path()));
}

// What fails here is the other disk's failure as a rule: our own file is not distrusted for it.
base::Result<SqliteStore::BackupProgress> Journal::step_backup(int pages) try {
  if (!backup_)
    return base::fail(base::ErrorKind::unavailable, {"journal.backup_ended", {{"folder", folder_.string()}}});
  if (backup_->step(pages)) return BackupProgress{backup_->left(), backup_->pages()};
  const BackupProgress whole{0, backup_->pages()};
  backup_.reset();
  return whole;
} catch (const sqlite::Failure& failure) {
  backup_.reset();
  return base::fail(base::ErrorKind::unavailable, {"journal.backup_failed", {{"reason", std::string(failure.what())}}});
}

base::Result<std::int64_t> Journal::doubt_pending(AlertId alert, const plan::Plan& plan, base::WallTime at, int limit) {
  struct Open {
    std::int64_t id;
    RouteIndex route;
    plan::EndpointName before, endpoint;
  };
  std::vector<Open> found;
  try {
    const auto take = [&](sqlite::Query rows) {
      while (rows.next()) {
        const RouteIndex route(static_cast<int>(rows.integer(1)));
        const plan::EndpointName last(rows.text(2));
        const auto& endpoints = plan.routes.at(static_cast<std::size_t>(route.value)).endpoints;
        found.push_back({rows.integer(0), route, last, last.value.empty() ? endpoints.at(0) : last});
      }
    };
    take(db_.query(statements::pending, alert.value, limit));
    take(db_.query(statements::pending_held, alert.value, limit - static_cast<int>(found.size())));
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(error_of(failure, folder_));
  }
  if (found.empty()) return 0;
  return transact("doubted", now(), [&](boost::json::object& body) {
    Counters counters;
    boost::json::array ids;
    for (const auto& row : found) {
      auto due = at;
      for (const auto& endpoint : plan.endpoints)
        if (endpoint.name == row.endpoint && endpoint.intent == plan::Intent::before_the_byte)
          due = at + endpoint.reconcile_after;
      // The other machine's next try: its receipt, should it come here, names this number.
      if (db_.run("UPDATE delivery SET state = 4, due = ?2, endpoint = ?3, attempts = attempts + 1, doubt = 0"
                  " WHERE id = ?1 AND state = 0",
                  row.id, to_ms(due), row.endpoint.value) != 1)
        throw std::logic_error("journal: a row to be doubted is not pending any more");
      db_.run(
          "INSERT INTO attempt(delivery, n, endpoint, at, ended, outcome, why)"
          " SELECT id, attempts, endpoint, ?2, ?2, 'unknown', 'the other machine may have sent it' FROM delivery"
          " WHERE id = ?1",
          row.id, to_ms(at));
      counters.add(alert, row.route, row.before, State::pending, -1);
      counters.add(alert, row.route, row.endpoint, State::unknown, +1);
      ids.push_back(row.id);
    }
    counters.write(db_);
    body["alert"] = alert.value;
    body["deliveries"] = std::move(ids);
    return static_cast<std::int64_t>(found.size());
  });
}

base::Result<void> Journal::skip_codes(int n) {
  return transact("codes_skipped", now(), [&](boost::json::object& body) {
    db_.run("UPDATE state SET last_code = last_code + ?1", n);
    body["codes"] = n;
  });
}

}  // namespace broadcaster::journal
