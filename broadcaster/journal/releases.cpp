// Releases in and out of the journal, public codes, and what is open at a start.
#include <stdexcept>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/same_login.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/journal/checkpoint.hpp"
#include "broadcaster/journal/journal.hpp"

namespace broadcaster::journal {
namespace {

boost::json::object filling_json(const plan::Filling& filling) {
  return {{"identifier", filling.identifier},
          {"code", filling.code},
          {"time_of_issue", to_ms(filling.time_of_issue)},
          {"references", filling.references},
          {"original_code", filling.original_code},
          {"original_time_of_issue", to_ms(filling.original_time_of_issue)}};
}

boost::json::array signatures_json(const approval::StoredRelease& release) {
  boost::json::array out;
  for (const auto& signature : release.signatures)
    out.push_back(boost::json::array{signature.person, signature.key_id, approval::name(signature.role)});
  return out;
}

enum class Follower { update, false_alarm };
struct FollowedBy {
  AlertId id;
  std::string code;
};

/// The update or all-clear that has taken its place, which its follow-ups must name from then on; or its false alarm.
std::optional<FollowedBy> follower_of(sqlite::Database& db, AlertId alert, Follower which) {
  auto row = db.query("SELECT id, code FROM alert WHERE follows = ?1 AND false_alarm = ?2", alert.value,
                      std::int64_t{which == Follower::false_alarm});
  if (!row.next()) return std::nullopt;
  return FollowedBy{AlertId(row.integer(0)), row.text(1)};
}

}  // namespace

base::Result<std::int64_t> Journal::reserve_code() {
  return transact("code", now(), [&](boost::json::object& body) {
    auto row = db_.query("UPDATE state SET last_code = last_code + 1 RETURNING last_code");
    if (!row.next()) throw std::logic_error("journal: no state row");
    const auto code = row.integer(0);
    while (row.next()) {
    }
    body["code"] = code;
    return code;
  });
}

std::optional<AlertId> Journal::same_plan(const std::string& plan_digest, bool false_alarm) {
  auto row = db_.query("SELECT id FROM alert WHERE plan_digest = ?1 AND false_alarm = ?2", plan_digest,
                       std::int64_t{false_alarm});
  if (!row.next()) return std::nullopt;
  return AlertId(row.integer(0));
}

base::Result<void> Journal::may_insert(const approval::StoredRelease& release, const plan::Plan& plan) {
  if (plan.mode != mode_)
    return base::fail(base::ErrorKind::refused,
                      {"journal.plan_of_other_mode",
                       {{"plan", std::string(alert::name(plan.mode))}, {"state", std::string(alert::name(mode_))}}});
  auto row = db_.query("SELECT 1 FROM alert WHERE identifier = ?1", release.filling.identifier);
  if (row.next())
    return base::fail(base::ErrorKind::refused,
                      {"journal.identifier_taken", {{"identifier", release.filling.identifier}}});
  return {};
}

AlertId Journal::add_release(const approval::StoredRelease& release, const std::string& plan_digest,
                             const plan::Plan& plan, boost::json::object& body) {
  db_.run("INSERT INTO alert(plan_digest, false_alarm, identifier, code, expires) VALUES(?1, ?2, ?3, ?4, ?5)",
          plan_digest, std::int64_t{release.false_alarm}, release.filling.identifier, release.filling.code,
          to_ms(plan.expires));
  const AlertId alert(db_.last_id());
  db_.run("INSERT INTO release(alert, stored) VALUES(?1, ?2)", alert.value, approval::to_json(release));
  const auto key = base::random_bytes(32);
  db_.run("INSERT INTO alert_key(alert, key) VALUES(?1, ?2)", alert.value,
          sqlite::Blob{{reinterpret_cast<const char*>(key.data()), key.size()}});
  db_.run("INSERT INTO expansion(alert, unit, after, complete) VALUES(?1, 0, '', 0)", alert.value);
  for (std::size_t n = 0; n < plan.routes.size(); ++n) {
    const auto& route = plan.routes[n];
    db_.run("INSERT INTO route(alert, n, name, first_endpoint) VALUES(?1, ?2, ?3, ?4)", alert.value,
            static_cast<std::int64_t>(n), route.name.value,
            route.endpoints.empty() ? std::string() : route.endpoints.front().value);
  }
  body["alert"] = alert.value;
  // Who or what said that it is over.
  if (!plan.alert.confirmation.empty()) body["confirmation"] = clean_text(plan.alert.confirmation);
  // Whoever signed has accepted these by name.
  boost::json::array accepted;
  for (const auto& rule : approval::to_accept(plan)) accepted.emplace_back(rule);
  if (!accepted.empty()) body["accepted"] = std::move(accepted);
  body["authority"] = approval::name(release.authority);
  body["by"] = release.released_by;
  body["code"] = release.filling.code;
  body["false_alarm"] = release.false_alarm;
  if (release.glass)
    body["glass"] = boost::json::object{{"paged_at", to_ms(release.glass->paged_at)},
                                        {"person", release.glass->signature.person},
                                        {"key", release.glass->signature.key_id},
                                        {"reason", clean_text(release.glass->reason)},
                                        {"role", approval::name(release.glass->signature.role)}};
  if (release.fired) {
    const auto& firing = release.fired->firing;
    boost::json::array zones;
    for (const auto& zone : firing.zones) zones.emplace_back(zone.value);
    body["fired"] = boost::json::object{
        {"form", base::hex(base::sha256(release.fired->canonical_form))},
        {"zones", std::move(zones)},
        {"arrival", firing.arrival ? boost::json::value(to_ms(*firing.arrival)) : boost::json::value(nullptr)},
        {"at", to_ms(firing.signature.at)},
        {"person", firing.signature.person},
        {"key", firing.signature.key_id},
        {"role", approval::name(firing.signature.role)}};
  }
  body["filling"] = filling_json(release.filling);
  body["identifier"] = release.filling.identifier;
  body["people"] = base::hex(base::sha256(release.people_yaml));
  body["plan"] = plan_digest;
  body["released_at"] = to_ms(release.released_at);
  body["signatures"] = signatures_json(release);
  // Only where there are some: every other entry is written as it always was.
  if (auto same = approval::same_logins_json(release.signatures); !same.empty()) body["same_login"] = std::move(same);
  return alert;
}

base::Result<Inserted> Journal::insert_release(const approval::StoredRelease& release, const std::string& plan_digest,
                                               const plan::Plan& plan) try {
  if (const auto known = same_plan(plan_digest, release.false_alarm)) return Inserted{*known, Inserted::How::joined};
  const auto allowed = may_insert(release, plan);
  if (!allowed) return std::unexpected(allowed.error());
  return transact("released", release.released_at, [&](boost::json::object& body) {
    return Inserted{add_release(release, plan_digest, plan, body), Inserted::How::released};
  });
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<Inserted> Journal::insert_follow_up(const approval::StoredRelease& release, const std::string& plan_digest,
                                                 const plan::Plan& plan, AlertId stops, const std::string& why) try {
  if (const auto known = same_plan(plan_digest, release.false_alarm)) return Inserted{*known, Inserted::How::joined};
  const auto allowed = may_insert(release, plan);
  if (!allowed) return std::unexpected(allowed.error());
  // Here, where nothing comes between the look and the write: two may have been judged in the same millisecond.
  if (const auto update = follower_of(db_, stops, Follower::update))
    return base::fail(base::ErrorKind::refused, {"journal.replaced_already", {{"by", update->code}}});
  if (const auto said = follower_of(db_, stops, Follower::false_alarm); said && alert::is_all_clear(plan.alert))
    return base::fail(base::ErrorKind::refused, {"journal.taken_back_already", {{"by", said->code}}});
  return transact("released", release.released_at, [&](boost::json::object& body) {
    const auto alert = add_release(release, plan_digest, plan, body);
    // An alert that was halted before stays stopped at that time, for that reason.
    const auto changed = db_.run(
        "UPDATE alert SET stopped_at = coalesce(stopped_at, ?2),"
        " stop_reason = CASE WHEN stopped_at IS NULL THEN ?3 ELSE stop_reason END WHERE id = ?1",
        stops.value, to_ms(release.released_at), clean_text(why));
    if (changed != 1) throw std::logic_error("journal: a follow-up stops an alert that is not there");
    db_.run("UPDATE alert SET follows = ?2 WHERE id = ?1", alert.value, stops.value);
    body["stops"] = boost::json::array{stops.value, clean_text(why)};
    return Inserted{alert, Inserted::How::released};
  });
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<StoredAlert> Journal::read_alert(AlertId alert) {
  auto row = db_.query(
      "SELECT r.stored, a.plan_digest, a.identifier, a.expires, a.stopped_at, a.stop_reason, e.complete"
      " FROM alert a JOIN release r ON r.alert = a.id JOIN expansion e ON e.alert = a.id WHERE a.id = ?1",
      alert.value);
  if (!row.next())
    return base::fail(base::ErrorKind::bad_input, {"journal.no_alert", {{"alert", std::to_string(alert.value)}}});
  auto release = approval::stored_release_from_json(row.text(0), (folder_ / "journal.db").string());
  if (!release) return std::unexpected(release.error());
  return StoredAlert{.id = alert,
                     .release = std::move(*release),
                     .plan_digest = row.text(1),
                     .identifier = row.text(2),
                     .expires = from_ms(row.integer(3)),
                     .stopped_at = from_ms(row.maybe_integer(4)),
                     .stop_reason = row.text(5),
                     .expanded = row.integer(6) != 0};
}

base::Result<std::vector<AlertId>> Journal::open_alerts() try {
  std::vector<AlertId> ids;
  // Held pending rows count too: they must be swept at expiry. A held unknown one waits for a person, who must know of
  // it for as long as the alert is in force; or for ever.
  auto rows = db_.query(
      "SELECT a.id FROM alert a JOIN expansion e ON e.alert = a.id WHERE (e.complete = 0 AND a.stopped_at IS NULL)"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state = 1)"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state IN (0, 4) AND due IS NOT NULL)"
      " OR EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state = 0 AND state IN (0, 4) AND due IS NULL)"
      " OR (a.stopped_at IS NULL AND a.expires > ?1"
      "     AND EXISTS(SELECT 1 FROM delivery WHERE alert = a.id AND state = 4 AND state IN (0, 4) AND due IS NULL))"
      " ORDER BY a.id",
      to_ms(now()));
  while (rows.next()) ids.emplace_back(rows.integer(0));
  return ids;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<AlertId>> Journal::alerts() try {
  std::vector<AlertId> ids;
  auto rows = db_.query("SELECT id FROM alert ORDER BY id");
  while (rows.next()) ids.emplace_back(rows.integer(0));
  return ids;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::vector<AlertId>> Journal::alerts_in_force(base::WallTime at) try {
  std::vector<AlertId> ids;
  auto rows = db_.query("SELECT id FROM alert WHERE stopped_at IS NULL AND expires > ?1 ORDER BY id", to_ms(at));
  while (rows.next()) ids.emplace_back(rows.integer(0));
  return ids;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<StoredAlert> Journal::alert(AlertId id) try {
  return read_alert(id);
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::optional<AlertId>> Journal::find_release(const std::string& plan_digest, ReleaseOf of) try {
  return same_plan(plan_digest, of == ReleaseOf::its_false_alarm);
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<Revisions> Journal::revisions(AlertId any) try {
  auto first = any;
  const auto before = [&](AlertId alert) -> std::optional<AlertId> {
    auto row = db_.query("SELECT follows FROM alert WHERE id = ?1 AND follows IS NOT NULL", alert.value);
    if (!row.next()) return std::nullopt;
    return AlertId(row.integer(0));
  };
  while (const auto older = before(first)) first = *older;
  Revisions out;
  for (std::optional<AlertId> next = first; next;) {
    out.ids.push_back(*next);
    const auto said = follower_of(db_, *next, Follower::false_alarm);
    out.taken_back_by = said ? std::optional(said->id) : std::nullopt;  // of the newest
    const auto update = follower_of(db_, *next, Follower::update);
    next = update ? std::optional(update->id) : std::nullopt;
  }
  return out;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::optional<AlertId>> Journal::find_alert(const std::string& identifier_or_code) try {
  // An identifier names one alert; a code may be used again after years, then the newest is meant.
  auto by_identifier = db_.query("SELECT id FROM alert WHERE identifier = ?1", identifier_or_code);
  if (by_identifier.next()) return AlertId(by_identifier.integer(0));
  auto by_code = db_.query("SELECT id FROM alert WHERE code = ?1 ORDER BY id DESC LIMIT 1", identifier_or_code);
  if (by_code.next()) return AlertId(by_code.integer(0));
  return std::nullopt;
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<std::optional<std::string>> Journal::load(const std::string& key) try {
  auto row = db_.query("SELECT value FROM channel_value WHERE key = ?1", key);
  if (!row.next()) return std::nullopt;
  return row.text(0);
} catch (const sqlite::Failure& failure) {
  return std::unexpected(error_of(failure, folder_));
}

base::Result<void> Journal::save(const std::string& key, const std::string& value) {
  return transact("value", now(), [&](boost::json::object& body) {
    db_.run("INSERT INTO channel_value(key, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2", key,
            sqlite::Blob{value});
    body["key"] = key;
    body["sha256"] = base::hex(base::sha256(value));
  });
}

base::Result<void> Journal::note(const std::string& kind, const std::string& canonical, base::WallTime at) {
  auto parsed = base::parse_json(canonical, kind);
  if (!parsed) return std::unexpected(parsed.error());
  return transact(kind, at, [&](boost::json::object& body) { body["note"] = std::move(*parsed); });
}

base::Result<void> Journal::sign_record(const base::SigningKey& key) {
  if (unsigned_entries() == 0) return {};
  const auto at = now();
  auto written =
      transact("checkpoint", at, [&](boost::json::object& body) { body = checkpoint_body(key, {seq_, head_}, at); });
  if (written) signed_seq_ = seq_;
  return written;
}

base::Bytes Journal::alert_key(AlertId alert) {
  auto row = db_.query("SELECT key FROM alert_key WHERE alert = ?1", alert.value);
  if (!row.next()) return {};
  const auto key = row.text(0);
  return {key.begin(), key.end()};
}

}  // namespace broadcaster::journal
