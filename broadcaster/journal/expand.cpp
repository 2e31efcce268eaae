// From the plan to delivery rows, by a cursor that is written with them.
#include <stdexcept>

#include "broadcaster/journal/counters.hpp"
#include "broadcaster/journal/worklist.hpp"

namespace broadcaster::journal {
namespace {

struct NewRow {
  RouteIndex route;
  Addressee to;
};

struct Cursor {
  std::size_t unit = 0;
  std::string after;  ///< the last recipient's number, or how many of a unit's addressees are done
};

/// The next rows of the worklist, at most `limit` read; moves the cursor past them.
class Next {
 public:
  using Readers = std::map<std::string, plan::SnapshotReader>;
  Next(const plan::Plan& plan, std::filesystem::path snapshots, Readers& readers)
      : plan_(plan), units_(worklist(plan)), snapshots_(std::move(snapshots)), readers_(readers) {}

  base::Result<std::vector<NewRow>> take(Cursor& cursor, int limit) {
    std::vector<NewRow> out;
    while (cursor.unit < units_.size() && limit > 0) {
      auto found = page(units_[cursor.unit], cursor, limit);
      if (!found) {
        // An audience that cannot be read holds its own people: sirens and accounts before it are kept.
        if (!out.empty()) return out;
        return std::unexpected(found.error());
      }
      const bool done = static_cast<int>(found->size()) < limit;
      limit -= static_cast<int>(found->size());
      for (auto& addressee : *found) {
        cursor.after = addressee.recipient;
        if (speaks_to(units_[cursor.unit].route, addressee))
          out.push_back({units_[cursor.unit].route, std::move(addressee)});
      }
      if (done) cursor = {cursor.unit + 1, ""};
    }
    return out;
  }

  bool complete(const Cursor& cursor) const { return cursor.unit >= units_.size(); }

 private:
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
  std::map<std::tuple<RouteIndex, alert::Language, alert::ZoneId>, bool> speaks_;
};

}  // namespace

base::Result<Expanded> Journal::expand(AlertId alert, const plan::Plan& plan, int limit) {
  if (limit <= 0) throw std::logic_error("journal: expansion without a limit makes no progress");
  if (auto done = take_landed<Expanded>()) return *done;
  Cursor cursor;
  try {
    auto row = db_.query("SELECT unit, after, complete FROM expansion WHERE alert = ?1", alert.value);
    if (!row.next()) throw std::logic_error("journal: an alert that is not there cannot be expanded");
    if (row.integer(2) != 0) return Expanded{.added = {}, .progress = Expanded::Progress::complete};
    cursor = {static_cast<std::size_t>(row.integer(0)), row.text(1)};
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(broke(failure));
  }

  // Reading a snapshot is outside the transaction: what goes wrong there is no reason to distrust this file.
  Next next(plan, folder_ / "snapshots", readers_);
  auto rows = next.take(cursor, limit);
  if (!rows) return std::unexpected(rows.error());

  auto expanded = transact("expanded", now(), [&](boost::json::object& body) {
    const auto key = alert_key(alert);
    Expanded out;
    Counters counters;
    boost::json::array entry;
    for (const auto& row : *rows) {
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
    if (next.complete(cursor)) out.progress = Expanded::Progress::complete;
    const bool complete = out.progress == Expanded::Progress::complete;
    db_.run("UPDATE expansion SET unit = ?2, after = ?3, complete = ?4 WHERE alert = ?1", alert.value,
            static_cast<std::int64_t>(cursor.unit), cursor.after, std::int64_t{complete});
    body["alert"] = alert.value;
    body["complete"] = complete;
    body["rows"] = std::move(entry);
    return out;
  });
  if (expanded && expanded->progress == Expanded::Progress::complete) readers_.clear();
  return expanded;
}

}  // namespace broadcaster::journal
