// From the plan to delivery rows, by a cursor that is written with them.
//
// An audience that cannot be read holds its own people: its units are left behind, and tried again when everybody else
// has a row. The cursor on disk stays at the first of them; a start that walks from there again finds the rows behind
// it already made.
#include <algorithm>
#include <stdexcept>

#include "broadcaster/journal/counters.hpp"
#include "broadcaster/journal/statements.hpp"
#include "broadcaster/journal/worklist.hpp"

namespace broadcaster::journal {
namespace {

struct NewRow {
  RouteIndex route;
  Addressee to;
};

/// The revisions before an alert, the newest first. Throws sqlite::Failure.
class Earlier {
 public:
  Earlier(sqlite::Database& db, AlertId alert) : db_(db) {
    for (auto next = follows(alert); next; next = follows(*next)) alerts_.push_back(*next);
  }

  /// Of whichever revision, over whichever route. What is sent and not answered may have come.
  Reached reached(const std::string& recipient) const {
    auto most = Reached::by_none;
    for (const auto alert : alerts_) {
      auto rows = db_.query(statements::of_recipient, alert.value, recipient);
      while (rows.next()) {
        const auto state = static_cast<State>(rows.integer(0));
        if (state == State::accepted || state == State::confirmed) return Reached::by_one;
        if (state == State::sent || state == State::unknown) most = Reached::perhaps;
      }
    }
    return most;
  }

 private:
  std::optional<AlertId> follows(AlertId alert) const {
    auto row = db_.query("SELECT follows FROM alert WHERE id = ?1 AND follows IS NOT NULL", alert.value);
    if (!row.next()) return std::nullopt;
    return AlertId(row.integer(0));
  }

  sqlite::Database& db_;
  std::vector<AlertId> alerts_;
};

/// The next rows of the worklist, at most `limit`; moves the walk past them.
class Next {
 public:
  using Readers = std::map<std::string, plan::SnapshotReader>;
  Next(const plan::Plan& plan, std::filesystem::path snapshots, Readers& readers, Earlier earlier)
      : plan_(plan),
        units_(worklist(plan)),
        snapshots_(std::move(snapshots)),
        readers_(readers),
        earlier_(std::move(earlier)) {}

  std::vector<NewRow> take(Walk& walk, int limit) {
    std::vector<NewRow> out;
    // Who is held is tried again when everybody else has a row.
    if (at_end(walk)) {
      retry(walk, limit, out);
    } else {
      go_on(walk, limit, out);
    }
    if (walk.held.empty()) walk.why.reset();
    return out;
  }

  Expanded::Progress progress(const Walk& walk, const std::vector<NewRow>& taken) const {
    if (!at_end(walk)) return Expanded::Progress::more;
    if (walk.held.empty()) return Expanded::Progress::complete;
    return taken.empty() ? Expanded::Progress::held : Expanded::Progress::more;
  }

 private:
  bool at_end(const Walk& walk) const { return walk.head.unit >= units_.size(); }

  void go_on(Walk& walk, int limit, std::vector<NewRow>& out) {
    while (!at_end(walk) && limit > 0) {
      if (!is_held(walk, units_[walk.head.unit].audience_digest)) {
        auto failed = work(walk.head, limit, out);
        if (!failed) continue;
        walk.why = std::move(failed);
      }
      walk.held.push_back(walk.head);
      walk.head = {walk.head.unit + 1, ""};
    }
  }

  void retry(Walk& walk, int limit, std::vector<NewRow>& out) {
    std::vector<Cursor> still;
    for (auto& held : walk.held) {
      const auto unit = held.unit;
      while (held.unit == unit && limit > 0) {
        auto failed = work(held, limit, out);
        if (!failed) continue;
        walk.why = std::move(failed);
        break;
      }
      if (held.unit == unit) still.push_back(std::move(held));
    }
    walk.held = std::move(still);
  }

  bool is_held(const Walk& walk, const std::string& audience) const {
    return !audience.empty() && std::ranges::any_of(walk.held, [&](const Cursor& held) {
      return units_[held.unit].audience_digest == audience;
    });
  }

  /// One page of a unit. What is returned is why it cannot be read.
  std::optional<base::Error> work(Cursor& cursor, int& limit, std::vector<NewRow>& out) {
    const auto& unit = units_[cursor.unit];
    auto found = page(unit, cursor, limit);
    if (!found) {
      readers_.erase(unit.audience_digest);  // opened anew, it may be whole again
      return std::move(found.error());
    }
    const bool done = static_cast<int>(found->size()) < limit;
    const auto before = out.size();
    for (auto& addressee : *found) {
      cursor.after = addressee.recipient;
      if (!speaks_to(unit.route, addressee)) continue;
      if (unit.at_most == Reached::by_one || earlier_.reached(addressee.recipient) <= unit.at_most)
        out.push_back({unit.route, std::move(addressee)});
    }
    // To look somebody up and leave him for later costs an eighth of a row, about.
    limit -= std::max(static_cast<int>(out.size() - before), static_cast<int>(found->size() + 7) / 8);
    if (done) cursor = {cursor.unit + 1, ""};
    return std::nullopt;
  }

  base::Result<std::vector<Addressee>> page(const Unit& unit, const Cursor& cursor, int limit) {
    std::vector<Addressee> out;
    if (unit.audience_digest.empty()) {
      auto next = unit.addressees.begin();
      if (!cursor.after.empty()) {
        while (next != unit.addressees.end() && next->recipient != cursor.after) ++next;
        if (next != unit.addressees.end()) ++next;
      }
      for (; next != unit.addressees.end() && static_cast<int>(out.size()) < limit; ++next) out.push_back(*next);
      return out;
    }
    auto reader = readers_.find(unit.audience_digest);
    if (reader == readers_.end()) {
      auto opened = plan::SnapshotReader::open(snapshots_, unit.audience_digest);
      if (!opened) return std::unexpected(opened.error());
      reader = readers_.emplace(unit.audience_digest, std::move(*opened)).first;
    }
    auto recipients = reader->second.next(unit.zone, cursor.after, limit);
    if (!recipients) return std::unexpected(recipients.error());
    for (auto& recipient : *recipients)
      out.push_back({std::move(recipient.number), std::move(recipient.language), std::move(recipient.zone)});
    return out;
  }

  bool speaks_to(RouteIndex route, const Addressee& to) {
    const auto [known, is_new] = speaks_.try_emplace({route, to.language, to.zone}, false);
    if (is_new)
      known->second = has_message(plan_, plan_.routes[static_cast<std::size_t>(route.value)], to.language, to.zone);
    return known->second;
  }

  const plan::Plan& plan_;
  std::vector<Unit> units_;
  std::filesystem::path snapshots_;
  Readers& readers_;
  Earlier earlier_;
  std::map<std::tuple<RouteIndex, alert::Language, alert::ZoneId>, bool> speaks_;
};

}  // namespace

base::Result<Expanded> Journal::expand(AlertId alert, const plan::Plan& plan, int limit) {
  if (limit <= 0) throw std::logic_error("journal: expansion without a limit makes no progress");
  if (auto done = take_landed<Expanded>()) return *done;
  Walk walk;
  try {
    auto row = db_.query("SELECT unit, after, complete FROM expansion WHERE alert = ?1", alert.value);
    if (!row.next()) throw std::logic_error("journal: an alert that is not there cannot be expanded");
    if (row.integer(2) != 0) return Expanded{.added = {}, .progress = Expanded::Progress::complete, .held = {}};
    walk.head = {static_cast<std::size_t>(row.integer(0)), row.text(1)};
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(broke(failure));
  }
  if (const auto known = walks_.find(alert); known != walks_.end()) walk = known->second;
  const auto before = walk.first();

  // Reading a snapshot is outside the transaction: what goes wrong there is no reason to distrust this file.
  std::vector<NewRow> rows;
  Expanded out;
  try {
    Next next(plan, folder_ / "snapshots", readers_, Earlier(db_, alert));
    rows = next.take(walk, limit);
    out = {.added = {}, .progress = next.progress(walk, rows), .held = walk.why};
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(broke(failure));
  }
  if (rows.empty() && out.progress != Expanded::Progress::complete && walk.first() == before) {
    walks_[alert] = std::move(walk);
    return out;
  }

  auto expanded = transact("expanded", now(), [&](boost::json::object& body) {
    const auto key = alert_key(alert);
    Counters counters;
    boost::json::array entry;
    for (const auto& row : rows) {
      // Nobody twice on one route, whatever lists they stand on. Due 0 is "at once", before every retry.
      if (db_.run("INSERT INTO delivery(alert, route, recipient, language, zone, state, due, attempts, doubt,"
                  " endpoint, memo) VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, '', x'') ON CONFLICT DO NOTHING",
                  alert.value, row.route.value, row.to.recipient, row.to.language.value, row.to.zone.value) == 0)
        continue;
      ++out.added[row.route];
      entry.push_back(boost::json::array{db_.last_id(), row.route.value, shown_recipient(key, row.to.recipient),
                                         row.to.language.value, row.to.zone.value});
    }
    for (const auto& [route, n] : out.added) counters.add(alert, route, plan::EndpointName(), State::pending, n);
    counters.write(db_);
    const bool complete = out.progress == Expanded::Progress::complete;
    db_.run("UPDATE expansion SET unit = ?2, after = ?3, complete = ?4 WHERE alert = ?1", alert.value,
            static_cast<std::int64_t>(walk.first().unit), walk.first().after, std::int64_t{complete});
    body["alert"] = alert.value;
    body["complete"] = complete;
    body["rows"] = std::move(entry);
    return out;
  });
  if (!expanded) return expanded;
  if (expanded->progress == Expanded::Progress::complete) readers_.clear();
  if (walk.held.empty())
    walks_.erase(alert);
  else
    walks_[alert] = std::move(walk);
  return expanded;
}

}  // namespace broadcaster::journal
