// What screens, reports and the export read.
#include "broadcaster/journal/journal.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

base::Result<AlertStatus> Journal::status(AlertId alert) try {
  auto stored = read_alert(alert);
  if (!stored) return std::unexpected(stored.error());
  AlertStatus out{.alert = std::move(*stored), .routes = {}, .endpoints = {}, .times = {}, .differs = {}};
  {
    auto rows = db_.query(statements::differs, alert.value);
    while (rows.next()) ++out.differs[plan::EndpointName(rows.text(0))];
  }
  {
    // Endpoint '' is "untried": it counts for the first endpoint of its route.
    auto rows = db_.query(
        "SELECT c.route, iif(c.endpoint = '', r.first_endpoint, c.endpoint), c.state, c.n FROM counter c"
        " JOIN route r ON r.alert = c.alert AND r.n = c.route WHERE c.alert = ?1 AND c.n <> 0",
        alert.value);
    while (rows.next()) {
      const auto state = static_cast<State>(rows.integer(2));
      out.routes[RouteIndex(static_cast<int>(rows.integer(0)))][state] += rows.integer(3);
      out.endpoints[plan::EndpointName(rows.text(1))][state] += rows.integer(3);
    }
  }
  auto times = db_.query(
      "SELECT endpoint, first_attempt, first_accepted, last_accepted, first_confirmed, last_confirmed, attempts,"
      " possible_duplicates FROM endpoint_times WHERE alert = ?1",
      alert.value);
  while (times.next())
    out.times[plan::EndpointName(times.text(0))] = {.first_attempt = from_ms(times.maybe_integer(1)),
                                                    .first_accepted = from_ms(times.maybe_integer(2)),
                                                    .last_accepted = from_ms(times.maybe_integer(3)),
                                                    .first_confirmed = from_ms(times.maybe_integer(4)),
                                                    .last_confirmed = from_ms(times.maybe_integer(5)),
                                                    .attempts = times.integer(6),
                                                    .possible_duplicates = times.integer(7)};
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<DeliveryLine>> Journal::deliveries(AlertId alert, delivery::DeliveryId after, int limit) try {
  const auto key = alert_key(alert);
  std::vector<DeliveryLine> out;
  auto rows = db_.query(
      "SELECT d.id, d.route, iif(d.endpoint = '', r.first_endpoint, d.endpoint), d.recipient, d.language, d.zone,"
      " d.state, d.attempts, coalesce((SELECT why FROM attempt WHERE delivery = d.id AND n = d.attempts), '')"
      " FROM delivery d JOIN route r ON r.alert = d.alert AND r.n = d.route"
      " WHERE d.id > ?2 AND d.alert = ?1 ORDER BY d.id LIMIT ?3",
      alert.value, after.value, limit);
  while (rows.next()) {
    DeliveryLine line{.id = delivery::DeliveryId(rows.integer(0)),
                      .route = RouteIndex(static_cast<int>(rows.integer(1))),
                      .endpoint = plan::EndpointName(rows.text(2)),
                      .recipient = shown_recipient(key, rows.text(3)),
                      .language = alert::Language(rows.text(4)),
                      .zone = alert::ZoneId(rows.text(5)),
                      .state = static_cast<State>(rows.integer(6)),
                      .attempts = static_cast<int>(rows.integer(7)),
                      .why = rows.text(8),
                      .evidence = {}};
    auto proofs = db_.query("SELECT kind, at FROM evidence WHERE delivery = ?1 ORDER BY n", line.id.value);
    while (proofs.next()) line.evidence.push_back(proofs.text(0) + " " + base::format_utc(from_ms(proofs.integer(1))));
    out.push_back(std::move(line));
  }
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<AttemptLine>> Journal::attempts(AlertId alert, delivery::AttemptId after, int limit) try {
  std::vector<AttemptLine> out;
  auto rows = db_.query(
      "SELECT a.delivery, a.n, a.endpoint, a.at, a.ended, a.outcome, a.why, a.ref FROM attempt a"
      " JOIN delivery d ON d.id = a.delivery AND d.alert = ?1 WHERE (a.delivery, a.n) > (?2, ?3)"
      " ORDER BY a.delivery, a.n LIMIT ?4",
      alert.value, after.delivery.value, after.number, limit);
  while (rows.next())
    out.push_back({.id = {delivery::DeliveryId(rows.integer(0)), static_cast<int>(rows.integer(1))},
                   .endpoint = plan::EndpointName(rows.text(2)),
                   .at = from_ms(rows.integer(3)),
                   .ended = from_ms(rows.maybe_integer(4)),
                   .outcome = rows.text(5),
                   .why = rows.text(6),
                   .ref = rows.text(7)});
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<EvidenceLine>> Journal::evidence(AlertId alert, EvidenceId after, int limit) try {
  std::vector<EvidenceLine> out;
  auto rows = db_.query(
      "SELECT e.delivery, e.n, e.endpoint, e.proof, e.kind, e.detail, e.at FROM evidence e"
      " JOIN delivery d ON d.id = e.delivery AND d.alert = ?1 WHERE (e.delivery, e.n) > (?2, ?3)"
      " ORDER BY e.delivery, e.n LIMIT ?4",
      alert.value, after.delivery.value, after.number, limit);
  while (rows.next())
    out.push_back({.id = {delivery::DeliveryId(rows.integer(0)), rows.integer(1)},
                   .endpoint = plan::EndpointName(rows.text(2)),
                   .proof = rows.text(3),
                   .kind = rows.text(4),
                   .detail = rows.text(5),
                   .at = from_ms(rows.integer(6))});
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<RecipientLine>> Journal::recipients(AlertId alert, delivery::DeliveryId after, int limit) try {
  std::vector<RecipientLine> out;
  auto rows = db_.query("SELECT id, recipient FROM delivery WHERE id > ?2 AND alert = ?1 ORDER BY id LIMIT ?3",
                        alert.value, after.value, limit);
  while (rows.next()) out.push_back({delivery::DeliveryId(rows.integer(0)), rows.text(1)});
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<RecordEntry>> Journal::record(std::int64_t after, int limit) try {
  std::vector<RecordEntry> out;
  auto rows =
      db_.query("SELECT seq, at, kind, entry, hash FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2", after, limit);
  while (rows.next())
    out.push_back({.seq = rows.integer(0),
                   .at_ms = rows.integer(1),
                   .kind = rows.text(2),
                   .entry = rows.text(3),
                   .hash = rows.text(4)});
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

}  // namespace broadcaster::journal
