// Erasing people from an alert that is over, while the chain goes on to verify.
//
// The record never held a number: it holds keyed hashes (record.hpp). What else knows a number is the delivery's row
// and the channel's memo; what tells whose hash is whose is the key of the alert. So the hash takes the number's place
// in the row (a delivery is still found in the record by it), the memo goes, and last of all the key: a hash without
// its key is nobody's, however few numbers there are to try. Snapshots are files, and go with the service's request.
// That it was done is an entry of the record a transaction: "erasing" {"alert", "numbers"}, and "erased" {"alert"} when
// the key is gone. Freed bytes are overwritten (secure_delete), the WAL is emptied by forget_log(). What the disk
// itself keeps of old blocks, and what stands in backups, is out of our reach.
#include "broadcaster/journal/journal.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

/// An alert of which something may still be sent, asked about or followed: numbers are needed for that. Who follows it
/// looks into its rows (whom no revision has reached comes first); and as long as its false alarm may go out, that goes
/// to the same people, whatever has halted it.
std::optional<base::Text> Journal::still_open(AlertId alert, base::WallTime at) {
  auto rows = db_.query(
      "WITH RECURSIVE chain(id) AS (SELECT ?1 UNION SELECT a.id FROM alert a JOIN chain c ON a.follows = c.id)"
      " SELECT a.id, a.identifier, a.stopped_at IS NULL AND a.expires > ?2, e.complete = 0 AND a.stopped_at IS NULL"
      " AND a.expires > ?2"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state = 1)"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state IN (0, 4) AND due IS NOT NULL)"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state = 0 AND state IN (0, 4) AND due IS NULL)"
      ", a.false_alarm = 0 AND a.expires > ?3 AND NOT EXISTS(SELECT 1 FROM alert b WHERE b.follows = a.id)"
      " FROM chain c JOIN alert a ON a.id = c.id JOIN expansion e ON e.alert = a.id ORDER BY a.id",
      alert.value, to_ms(at), to_ms(at - plan::false_alarm_life));
  while (rows.next()) {
    const bool itself = rows.integer(0) == alert.value;
    if (rows.integer(2) != 0)
      return base::Text{itself ? "journal.erase_in_force" : "journal.erase_followed", {{"alert", rows.text(1)}}};
    if (rows.integer(3) != 0)
      return base::Text{itself ? "journal.erase_open" : "journal.erase_followed", {{"alert", rows.text(1)}}};
    if (rows.integer(4) != 0)
      return base::Text{itself ? "journal.erase_may_be_taken_back" : "journal.erase_followed",
                        {{"alert", rows.text(1)}, {"hours", std::int64_t{plan::false_alarm_life.count()}}}};
  }
  return std::nullopt;
}

base::Result<std::vector<Erasure>> Journal::ended_before(base::WallTime before) try {
  std::vector<Erasure> out;
  {
    auto rows = db_.query(
        "SELECT id, identifier, code, min(expires, coalesce(stopped_at, expires)),"
        " (SELECT coalesce(sum(n), 0) FROM counter WHERE alert = alert.id), erased_at FROM alert"
        " WHERE min(expires, coalesce(stopped_at, expires)) < ?1 ORDER BY id",
        to_ms(before));
    while (rows.next())
      out.push_back({.alert = AlertId(rows.integer(0)),
                     .identifier = rows.text(1),
                     .code = rows.text(2),
                     .ended = from_ms(rows.integer(3)),
                     .deliveries = rows.integer(4),
                     .erased_at = from_ms(rows.maybe_integer(5)),
                     .open = {}});
  }
  for (auto& one : out)
    if (!one.erased_at) one.open = still_open(one.alert, now());
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<Erased> Journal::erase_people(AlertId alert, base::WallTime at, int limit) try {
  if (const auto open = still_open(alert, at)) return base::fail(base::ErrorKind::refused, *open);
  const auto key = alert_key(alert);
  struct Number {
    std::int64_t id;
    std::string recipient;
  };
  std::vector<Number> found;
  std::vector<std::int64_t> routes;
  {
    auto rows = db_.query("SELECT n FROM route WHERE alert = ?1 ORDER BY n", alert.value);
    while (rows.next()) routes.push_back(rows.integer(0));
  }
  for (const auto route : routes) {
    auto rows = db_.query(statements::numbers, alert.value, route, limit - static_cast<int>(found.size()));
    while (rows.next()) found.push_back({rows.integer(0), rows.text(1)});
  }
  db_.execute("PRAGMA secure_delete=ON");
  if (found.empty()) {
    const auto done = transact("erased", at, [&](boost::json::object& body) {
      db_.run("DELETE FROM alert_key WHERE alert = ?1", alert.value);
      db_.run("UPDATE alert SET erased_at = coalesce(erased_at, ?2) WHERE id = ?1", alert.value, to_ms(at));
      db_.run("UPDATE expansion SET after = '' WHERE alert = ?1", alert.value);  // a number: how far it had come
      // Proof that nobody asked for, of that time: who knows what a far side calls a message. Of the last day it may
      // still belong to somebody.
      constexpr std::int64_t day = 86'400'000;
      db_.run(
          "DELETE FROM orphan WHERE at < (SELECT min(max(expires, coalesce(stopped_at, 0)), ?2) FROM alert"
          " WHERE id = ?1)",
          alert.value, to_ms(at) - day);
      body["alert"] = alert.value;
      return Erased{};
    });
    return done;
  }
  return transact("erasing", at, [&](boost::json::object& body) {
    for (const auto& number : found)
      db_.run("UPDATE delivery SET recipient = ?2, memo = x'' WHERE id = ?1", number.id,
              key.empty() ? std::to_string(number.id) : shown_recipient(key, number.recipient));
    body["alert"] = alert.value;
    body["numbers"] = static_cast<std::int64_t>(found.size());
    return Erased{static_cast<std::int64_t>(found.size()), Erased::Progress::more};
  });
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<void> Journal::forget_log() try {
  if (broken()) return base::fail(base::ErrorKind::unavailable, {"journal.broken", {{"folder", folder_.string()}}});
  db_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {};
} catch (const sqlite::Failure& failure) {
  return std::unexpected(broke(failure));
}

}  // namespace broadcaster::journal
