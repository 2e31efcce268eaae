// The changes of deliveries: each names the state that it expects, all of one commit are one transaction.
#include <fmt/format.h>

#include <set>
#include <stdexcept>

#include "broadcaster/delivery/attempt.hpp"
#include "broadcaster/journal/counters.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {
namespace {

using delivery::Intend;
using delivery::Move;
using delivery::Moved;
using delivery::Proof;
using delivery::Prove;
using delivery::Settle;
using delivery::Stop;

[[noreturn]] void bug(std::int64_t delivery, std::string_view what) {
  throw std::logic_error(fmt::format("journal: delivery {}: {}", delivery, what));
}

/// States that only proof can have brought about behind the dispatcher's back.
bool proven_past(State state) {
  return state == State::accepted || state == State::confirmed || state == State::failed;
}

class Changes {
 public:
  Changes(sqlite::Database& db, boost::json::array& entry) : db_(db), entry_(entry) {}

  void operator()(const Intend& change);
  void operator()(const Settle& change);
  void operator()(const Move& change);
  void operator()(const Prove& change);
  void operator()(const Stop& change);

  std::vector<Moved> moved;
  std::vector<std::int64_t> changed;  ///< no longer claimed
  Counters counters;

 private:
  struct Row {
    delivery::DeliveryId id;
    AlertId alert;
    RouteIndex route;
    State state;
    int attempts;
    plan::EndpointName endpoint;
    bool doubt;
  };

  std::optional<Row> find(delivery::DeliveryId id);
  Row must_find(delivery::DeliveryId id);
  void moves(const Row& row, const plan::EndpointName& endpoint, State to, base::WallTime at);
  void prove(Row row, int attempt, const delivery::Evidence& evidence);
  bool is_ours(const delivery::CarriedBack& what, const plan::EndpointName& endpoint);
  void made_up(delivery::DeliveryId id, const delivery::Evidence& evidence);
  void orphan(std::string_view ref, const delivery::Evidence& evidence);
  void remember_reference(const Settle& change, const plan::EndpointName& endpoint);
  void match_orphans(const Settle& change, const plan::EndpointName& endpoint);

  sqlite::Database& db_;
  boost::json::array& entry_;
  std::set<delivery::DeliveryId> overtaken_resends_;  ///< of this commit: their Intend goes with their Move
};

std::optional<Changes::Row> Changes::find(delivery::DeliveryId id) {
  auto row = db_.query("SELECT alert, route, state, attempts, endpoint, doubt FROM delivery WHERE id = ?1", id.value);
  if (!row.next()) return std::nullopt;
  return Row{.id = id,
             .alert = AlertId(row.integer(0)),
             .route = RouteIndex(static_cast<int>(row.integer(1))),
             .state = static_cast<State>(row.integer(2)),
             .attempts = static_cast<int>(row.integer(3)),
             .endpoint = plan::EndpointName(row.text(4)),
             .doubt = row.integer(5) != 0};
}

Changes::Row Changes::must_find(delivery::DeliveryId id) {
  auto row = find(id);
  if (!row) bug(id.value, "does not exist");
  return *row;
}

void Changes::moves(const Row& row, const plan::EndpointName& endpoint, State to, base::WallTime at) {
  counters.add(row.alert, row.route, row.endpoint, row.state, -1);
  counters.add(row.alert, row.route, endpoint, to, +1);
  counters.reached(row.alert, endpoint, to, at);
  moved.push_back({row.id, row.alert, row.route, endpoint, row.state, to, at});
  changed.push_back(row.id.value);
}

void Changes::operator()(const Intend& change) {
  const auto row = must_find(change.attempt.delivery);
  if (overtaken_resends_.contains(row.id)) {
    // Proof of the try before was here first: nothing is to be sent.
    entry_.push_back(boost::json::array{"sent_overtaken", row.id.value, change.attempt.number, change.endpoint.value,
                                        to_ms(change.at)});
    changed.push_back(row.id.value);
    return;
  }
  const auto updated = db_.run(
      "UPDATE delivery SET state = 1, attempts = ?2, endpoint = ?3, doubt = 0"
      " WHERE id = ?1 AND state = 0 AND attempts = ?2 - 1",
      row.id.value, change.attempt.number, change.endpoint.value);
  if (updated != 1)
    bug(row.id.value, fmt::format("attempt {} of a row that is {} after {} attempts", change.attempt.number,
                                  delivery::name(row.state), row.attempts));
  db_.run("INSERT INTO attempt(delivery, n, endpoint, at, outcome, why) VALUES(?1, ?2, ?3, ?4, '', '')", row.id.value,
          change.attempt.number, change.endpoint.value, to_ms(change.at));
  counters.attempt(row.alert, change.endpoint, change.at,
                   row.doubt ? Counters::Attempt::possible_duplicate : Counters::Attempt::first_hand);
  moves(row, change.endpoint, State::sent, change.at);
  entry_.push_back(
      boost::json::array{"sent", row.id.value, change.attempt.number, change.endpoint.value, to_ms(change.at)});
}

void Changes::operator()(const Settle& change) {
  const auto row = must_find(change.attempt.delivery);
  const bool overtaken = proven_past(row.state);
  if (row.attempts != change.attempt.number || (row.state != State::sent && !overtaken))
    bug(row.id.value, fmt::format("answer to attempt {} of a row that is {} after {} attempts", change.attempt.number,
                                  delivery::name(row.state), row.attempts));
  if (change.to == State::sent || !delivery::legal(State::sent, change.to))
    bug(row.id.value, fmt::format("no attempt leads to {}", delivery::name(change.to)));

  const auto why = masked_text(change.why);
  // Each attempt is answered once.
  const auto ref = clean_text(change.ref);
  if (db_.run("UPDATE attempt SET ended = ?3, outcome = ?4, why = ?5, ref = ?6"
              " WHERE delivery = ?1 AND n = ?2 AND ended IS NULL",
              row.id.value, change.attempt.number, to_ms(change.at), change.outcome, why, ref) != 1)
    bug(row.id.value, fmt::format("attempt {} is answered twice", change.attempt.number));

  if (overtaken) {
    db_.run("UPDATE delivery SET memo = ?2 WHERE id = ?1", row.id.value, sqlite::Blob{change.memo});
    changed.push_back(row.id.value);
  } else {
    const bool waits = change.to == State::pending || change.to == State::unknown;
    if (db_.run("UPDATE delivery SET state = ?2, due = ?3, memo = ?4 WHERE id = ?1 AND state = 1", row.id.value,
                to_number(change.to), waits ? to_ms(change.due) : std::nullopt, sqlite::Blob{change.memo}) != 1)
      bug(row.id.value, "is not SENT any more");
    moves(row, row.endpoint, change.to, change.at);
  }
  entry_.push_back(boost::json::array{overtaken ? "overtaken" : "settled", row.id.value, change.attempt.number,
                                      delivery::name(change.to), change.outcome, why, ref, to_ms(change.at)});
  if (!change.ref.empty()) {
    remember_reference(change, row.endpoint);
    match_orphans(change, row.endpoint);
  }
}

void Changes::remember_reference(const Settle& change, const plan::EndpointName& endpoint) {
  // A platform that gives an id out again means the newer message.
  db_.run(
      "INSERT INTO reference(endpoint, ref, delivery, n) VALUES(?1, ?2, ?3, ?4)"
      " ON CONFLICT DO UPDATE SET delivery = ?3, n = ?4",
      endpoint.value, sqlite::Blob{change.ref}, change.attempt.delivery.value, change.attempt.number);
}

void Changes::match_orphans(const Settle& change, const plan::EndpointName& endpoint) {
  std::vector<delivery::Evidence> waiting;
  {
    auto rows = db_.query("SELECT proof, kind, detail, at FROM orphan WHERE endpoint = ?1 AND ref = ?2 ORDER BY id",
                          endpoint.value, sqlite::Blob{change.ref});
    while (rows.next())
      waiting.push_back({.endpoint = endpoint,
                         .about = delivery::Ref{change.ref},
                         .proof = static_cast<Proof>(rows.integer(0)),
                         .kind = rows.text(1),
                         .detail = rows.text(2),
                         .at = from_ms(rows.integer(3))});
  }
  if (waiting.empty()) return;
  db_.run("DELETE FROM orphan WHERE endpoint = ?1 AND ref = ?2", endpoint.value, sqlite::Blob{change.ref});
  for (const auto& evidence : waiting) prove(must_find(change.attempt.delivery), change.attempt.number, evidence);
}

void Changes::operator()(const Move& change) {
  const auto row = must_find(change.delivery);
  const bool open = change.from == State::pending || change.from == State::unknown;
  const bool reached_by_attempt =
      change.to == State::sent || change.to == State::accepted || change.to == State::confirmed;
  const bool same = change.from == change.to;
  if (!open || reached_by_attempt || (!same && !delivery::legal(change.from, change.to)))
    bug(row.id.value, fmt::format("no move from {} to {}", delivery::name(change.from), delivery::name(change.to)));

  const bool overtaken = change.from == State::unknown && proven_past(row.state);
  if (overtaken && change.to == State::pending) overtaken_resends_.insert(row.id);
  if (!overtaken) {
    const bool waits = change.to == State::pending || change.to == State::unknown;
    const bool resend = change.from == State::unknown && change.to == State::pending;
    if (db_.run("UPDATE delivery SET state = ?3, due = ?4, doubt = max(doubt, ?5) WHERE id = ?1 AND state = ?2",
                row.id.value, to_number(change.from), to_number(change.to), waits ? to_ms(change.due) : std::nullopt,
                std::int64_t{resend}) != 1)
      bug(row.id.value, fmt::format("moves from {} but is {}", delivery::name(change.from), delivery::name(row.state)));
    moves(row, row.endpoint, change.to, change.at);
  }
  entry_.push_back(boost::json::array{overtaken ? "move_overtaken" : "moved", row.id.value, delivery::name(change.from),
                                      delivery::name(change.to), clean_text(change.why), to_ms(change.at)});
}

void Changes::operator()(const Prove& change) {
  const auto& evidence = change.evidence;
  if (const auto* id = std::get_if<delivery::DeliveryId>(&evidence.about)) {
    const auto row = find(*id);
    if (row)
      prove(*row, row->attempts, evidence);
    else
      made_up(*id, evidence);
    return;
  }
  if (const auto* carried = std::get_if<delivery::CarriedBack>(&evidence.about)) {
    if (is_ours(*carried, evidence.endpoint))
      prove(must_find(carried->attempt.delivery), carried->attempt.number, evidence);
    else
      made_up(carried->attempt.delivery, evidence);
    return;
  }
  const auto& ref = std::get<delivery::Ref>(evidence.about).value;
  std::optional<delivery::AttemptId> attempt;
  {
    auto found = db_.query("SELECT delivery, n FROM reference WHERE endpoint = ?1 AND ref = ?2",
                           evidence.endpoint.value, sqlite::Blob{ref});
    if (found.next()) attempt = {delivery::DeliveryId(found.integer(0)), static_cast<int>(found.integer(1))};
  }
  if (attempt)
    prove(must_find(attempt->delivery), attempt->number, evidence);
  else
    orphan(ref, evidence);
}

/// The try was made, over this endpoint, and the delivery has this key: so it is not the receipt of another journal.
bool Changes::is_ours(const delivery::CarriedBack& what, const plan::EndpointName& endpoint) {
  auto row = db_.query(
      "SELECT alert.identifier, route.name, delivery.recipient, alert.plan_digest FROM attempt"
      " JOIN delivery ON delivery.id = attempt.delivery JOIN alert ON alert.id = delivery.alert"
      " JOIN route ON route.alert = delivery.alert AND route.n = delivery.route"
      " WHERE attempt.delivery = ?1 AND attempt.n = ?2 AND attempt.endpoint = ?3",
      what.attempt.delivery.value, what.attempt.number, endpoint.value);
  if (!row.next()) return false;
  return !what.key.empty() &&
         delivery::idempotency_key(row.text(0), row.text(1), row.text(2), row.text(3)).starts_with(what.key);
}

/// Nothing can ever match it: for the record alone.
void Changes::made_up(delivery::DeliveryId id, const delivery::Evidence& evidence) {
  entry_.push_back(boost::json::array{"orphan", fmt::format("#{}", id.value), evidence.endpoint.value,
                                      delivery::name(evidence.proof), clean_text(evidence.kind),
                                      masked_text(evidence.detail), to_ms(evidence.at)});
}

void Changes::orphan(std::string_view ref, const delivery::Evidence& evidence) {
  const auto detail = masked_text(evidence.detail);
  db_.run("INSERT INTO orphan(endpoint, ref, proof, kind, detail, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
          evidence.endpoint.value, sqlite::Blob{ref}, static_cast<int>(evidence.proof), clean_text(evidence.kind),
          detail, to_ms(evidence.at));
  entry_.push_back(boost::json::array{"orphan", clean_text(ref), evidence.endpoint.value,
                                      delivery::name(evidence.proof), clean_text(evidence.kind), detail,
                                      to_ms(evidence.at)});
}

void Changes::prove(Row row, int attempt, const delivery::Evidence& evidence) {
  auto to = delivery::after_evidence(row.state, evidence.proof);
  // That an earlier attempt failed says nothing about the later one, which may still arrive.
  if (evidence.proof == Proof::failed && attempt < row.attempts) to = std::nullopt;
  if (to == row.state) to = std::nullopt;
  const auto kind = clean_text(evidence.kind);
  const auto detail = masked_text(evidence.detail);
  db_.run(
      "INSERT INTO evidence(delivery, n, endpoint, proof, kind, detail, at) VALUES(?1,"
      " (SELECT coalesce(max(n), 0) + 1 FROM evidence WHERE delivery = ?1), ?2, ?3, ?4, ?5, ?6)",
      row.id.value, evidence.endpoint.value, delivery::name(evidence.proof), kind, detail, to_ms(evidence.at));
  entry_.push_back(boost::json::array{"proof", row.id.value, delivery::name(row.state),
                                      delivery::name(to.value_or(row.state)), evidence.endpoint.value,
                                      delivery::name(evidence.proof), kind, detail, to_ms(evidence.at)});
  if (!to) return;
  if (db_.run("UPDATE delivery SET state = ?3, due = NULL WHERE id = ?1 AND state = ?2", row.id.value,
              to_number(row.state), to_number(*to)) != 1)
    bug(row.id.value, "changed under its proof");
  moves(row, row.endpoint, *to, evidence.at);
}

void Changes::operator()(const Stop& change) {
  const auto why = clean_text(change.why);
  if (db_.run("UPDATE alert SET stopped_at = coalesce(stopped_at, ?2),"
              " stop_reason = CASE WHEN stopped_at IS NULL THEN ?3 ELSE stop_reason END WHERE id = ?1",
              change.alert.value, to_ms(change.at), why) != 1)
    throw std::logic_error(fmt::format("journal: alert {} does not exist", change.alert.value));
  entry_.push_back(boost::json::array{"stopped", change.alert.value, why, to_ms(change.at)});
}

}  // namespace

base::Result<std::vector<Moved>> Journal::commit(std::span<const delivery::Change> changes) {
  if (changes.empty()) return std::vector<Moved>{};
  // What it did, and who is no longer claimed by it.
  struct Done {
    std::vector<Moved> moved;
    std::vector<std::int64_t> changed;
  };
  auto done = transact("commit", now(), [&](boost::json::object& body) {
    boost::json::array entry;
    Changes apply(db_, entry);
    for (const auto& change : changes) std::visit(apply, change);
    apply.counters.write(db_);
    body["changes"] = std::move(entry);
    return Done{std::move(apply.moved), std::move(apply.changed)};
  });
  if (!done) return std::unexpected(done.error());
  for (const auto id : done->changed) claimed_.erase(id);
  return std::move(done->moved);
}

base::Result<std::vector<Moved>> Journal::sweep(AlertId alert, State to, const std::string& why, base::WallTime at,
                                                int limit) {
  if (to != State::expired && to != State::cancelled)
    throw std::logic_error("journal: a sweep ends in expired or cancelled");
  std::vector<Moved> found;
  if (auto done = take_landed<std::vector<Moved>>()) {
    for (const auto& row : *done) claimed_.erase(row.delivery.value);
    return std::move(*done);
  }
  try {
    const auto take = [&](sqlite::Query rows) {
      while (rows.next())
        found.push_back({delivery::DeliveryId(rows.integer(0)), alert, RouteIndex(static_cast<int>(rows.integer(1))),
                         plan::EndpointName(rows.text(2)), State::pending, to, at});
    };
    take(db_.query(statements::pending, alert.value, limit));
    take(db_.query(statements::pending_held, alert.value, limit - static_cast<int>(found.size())));
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(broke(failure));
  }
  if (found.empty()) return found;
  auto swept = transact("swept", now(), [&](boost::json::object& body) {
    Counters counters;
    boost::json::array ids;
    for (const auto& row : found) {
      if (db_.run("UPDATE delivery SET state = ?2, due = NULL WHERE id = ?1 AND state = 0", row.delivery.value,
                  to_number(to)) != 1)
        bug(row.delivery.value, "is not pending any more");
      counters.add(alert, row.route, row.endpoint, State::pending, -1);
      counters.add(alert, row.route, row.endpoint, to, +1);
      ids.push_back(row.delivery.value);
    }
    counters.write(db_);
    body["alert"] = alert.value;
    body["deliveries"] = std::move(ids);
    body["to"] = delivery::name(to);
    body["why"] = clean_text(why);
    return found;
  });
  if (swept)
    for (const auto& row : found) claimed_.erase(row.delivery.value);
  walks_.erase(alert);
  return swept;
}

}  // namespace broadcaster::journal
