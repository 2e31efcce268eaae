#include "broadcaster/plan/snapshot.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/unicode.hpp"
#include "broadcaster/plan/csv.hpp"
#include "broadcaster/plan/snapshot_format.hpp"
#include "broadcaster/plan/sqlite.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;

constexpr std::size_t most_shown = 20;
constexpr std::array<std::string_view, 3> columns{"number", "language", "zone"};

base::Error error_at(base::ErrorKind kind, const std::filesystem::path& file, int line, base::Text text) {
  return {.kind = kind, .text = std::move(text), .place = base::Place{file.string(), line, 0}, .key = {}};
}

/// ITU-T E.164: the country code does not begin with 0, 15 digits at most.
bool is_e164(std::string_view number) {
  return number.size() >= 8 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
         std::ranges::all_of(number.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

template <class List, class Item>
bool has(const List& list, const Item& item) {
  return std::ranges::find(list, item) != list.end();
}

class Maker {
 public:
  explicit Maker(const SnapshotRequest& request) : request_(request) {}

  base::Checked<SnapshotInfo> run() {
    auto csv = CsvReader::open(request_.file);
    if (!csv) return std::unexpected(Errors{csv.error()});
    if (auto wrong = read_heading(*csv)) return std::unexpected(Errors{std::move(*wrong)});
    if (!open_database()) return unavailable();
    const bool stored = read_rows(*csv);
    if (!stored) return unavailable();
    if (info_.skipped > 0 && request_.bad_rows == BadRows::refuse) return refuse();
    return finish();
  }

  ~Maker() {
    close();
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
  }
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

 private:
  void close() {
    insert_alerted_.reset();
    insert_hearing_.reset();
    insert_standing_.reset();
    database_.reset();
  }

  std::optional<base::Error> read_heading(CsvReader& csv) {
    std::vector<std::string> fields;
    const auto heading_error = [&] {
      return error_at(base::ErrorKind::bad_input, request_.file, 1, {"plan.audience_heading", {}});
    };
    if (csv.next(fields) != CsvReader::Step::record || fields.size() != columns.size()) return heading_error();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto found = std::ranges::find(fields, columns[i]);
      if (found == fields.end()) return heading_error();
      at_[i] = static_cast<std::size_t>(found - fields.begin());
    }
    return std::nullopt;
  }

  bool open_database() {
    temporary_ = request_.folder / (".making-" + base::random_uuid() + ".db");
    database_ = sqlite::open(temporary_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    // No journal: a crash leaves a temporary file that nobody opens. 64 MiB of cache bound the memory.
    if (!database_ ||
        !sqlite::run(database_.get(), "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536") ||
        !sqlite::run(database_.get(), snapshot_schema) || !sqlite::run(database_.get(), "BEGIN"))
      return false;
    if (!list_hearing() || !prepare_standing()) return false;
    insert_hearing_ = sqlite::prepare(database_.get(), "INSERT OR IGNORE INTO recipient VALUES(?,?,?)");
    insert_alerted_ = sqlite::prepare(
        database_.get(),
        "INSERT INTO recipient VALUES(?,?,?) ON CONFLICT(number) DO UPDATE SET language = excluded.language,"
        " zone = excluded.zone WHERE recipient.zone IN (SELECT zone FROM temp.in_hearing)");
    return insert_hearing_ && insert_alerted_;
  }

  bool list_hearing() {
    if (!sqlite::run(database_.get(), "CREATE TEMP TABLE in_hearing(zone TEXT PRIMARY KEY)")) return false;
    const auto insert = sqlite::prepare(database_.get(), "INSERT OR IGNORE INTO temp.in_hearing VALUES(?)");
    for (const auto& zone : request_.in_hearing) {
      sqlite3_reset(insert.get());
      sqlite::bind(insert.get(), 1, zone.value);
      if (sqlite3_step(insert.get()) != SQLITE_DONE) return false;
    }
    return insert != nullptr;
  }

  /// False when the database refused a row.
  bool read_rows(CsvReader& csv) {
    std::vector<std::string> fields;
    for (;;) {
      switch (csv.next(fields)) {
        case CsvReader::Step::end:
          return true;
        case CsvReader::Step::too_long:
          bad(csv.line(), {"plan.row_long", {}});
          continue;
        case CsvReader::Step::open_quote:
          bad(csv.line(), {"plan.row_quote", {}});
          continue;
        case CsvReader::Step::record:
          break;
      }
      if (fields.size() == 1 && fields[0].empty()) continue;  // an empty line
      if (auto wrong = mistake(fields))
        bad(csv.line(), std::move(*wrong));
      else if (!store(fields[at_[0]], fields[at_[1]], fields[at_[2]]))
        return false;
    }
  }

  std::optional<base::Text> mistake(const std::vector<std::string>& fields) const {
    if (fields.size() != columns.size())
      return base::Text{"plan.row_columns", {{"found", static_cast<std::int64_t>(fields.size())}}};
    // The number itself is not shown: errors end up in logs.
    if (!is_e164(fields[at_[0]])) return base::Text{"plan.row_number", {}};
    if (fields[at_[1]].empty() || fields[at_[1]].size() > 16) return base::Text{"plan.row_language", {}};
    const auto& zone = fields[at_[2]];
    if (!request_.map->find(alert::ZoneId(zone)))
      return base::Text{"plan.row_zone", {{"found", base::valid_utf8(zone) ? alert::shown(zone) : "?"}}};
    return std::nullopt;
  }

  void bad(int line, base::Text reason) {
    ++info_.skipped;
    if (info_.bad_rows.size() < most_shown) info_.bad_rows.push_back({line, std::move(reason)});
  }

  bool store(const std::string& number, const std::string& wanted, const std::string& zone) {
    const bool alerted = has(request_.zones, alert::ZoneId(zone));
    if (!alerted && !has(request_.in_hearing, alert::ZoneId(zone))) {
      ++info_.elsewhere;
      return true;
    }
    const bool offered = has(request_.languages, alert::Language(wanted));
    const auto& language = offered ? wanted : request_.languages.front().value;
    if (alerted && insert_standing_ && !stands(number, language, zone)) return false;
    // Whom the alert itself must reach takes the place of whom only its false alarm does, in whatever order they stand.
    const auto& how = alerted ? insert_alerted_ : insert_hearing_;
    sqlite3_reset(how.get());
    sqlite::bind(how.get(), 1, number);
    sqlite::bind(how.get(), 2, language);
    sqlite::bind(how.get(), 3, zone);
    if (sqlite3_step(how.get()) != SQLITE_DONE) return false;
    if (sqlite3_changes(database_.get()) == 0)
      ++info_.duplicates;
    else if (!offered && alerted)
      ++info_.other_language;
    return true;
  }

  /// Every zone in which a number stands, not the first alone.
  bool prepare_standing() {
    if (request_.count == SnapshotRequest::Count::rows) return true;
    if (!sqlite::run(database_.get(),
                     "CREATE TEMP TABLE stands(number TEXT, zone TEXT, language TEXT, PRIMARY KEY(number, zone))"
                     " WITHOUT ROWID"))
      return false;
    insert_standing_ = sqlite::prepare(database_.get(), "INSERT OR IGNORE INTO temp.stands VALUES(?,?,?)");
    return insert_standing_ != nullptr;
  }

  bool stands(const std::string& number, const std::string& language, const std::string& zone) {
    sqlite3_reset(insert_standing_.get());
    sqlite::bind(insert_standing_.get(), 1, number);
    sqlite::bind(insert_standing_.get(), 2, zone);
    sqlite::bind(insert_standing_.get(), 3, language);
    return sqlite3_step(insert_standing_.get()) == SQLITE_DONE;
  }

  bool count_standing() {
    if (request_.count == SnapshotRequest::Count::rows) return true;
    const auto query =
        sqlite::prepare(database_.get(), "SELECT number, zone, language FROM temp.stands ORDER BY number, zone");
    if (!query) return false;
    std::map<std::pair<std::string, std::vector<std::string>>, std::int64_t> people;
    std::string number, language;
    std::vector<std::string> zones;
    const auto end_person = [&] {
      if (!zones.empty()) ++people[{language, std::move(zones)}];
      zones.clear();
    };
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(query.get())) == SQLITE_ROW) {
      if (auto next = std::string(sqlite::column(query.get(), 0)); next != number) {
        end_person();
        number = std::move(next);
        language = sqlite::column(query.get(), 2);
      }
      zones.emplace_back(sqlite::column(query.get(), 1));
    }
    end_person();
    for (const auto& [who, count] : people) {
      Standing one{alert::Language(who.first), {}, count};
      for (const auto& zone : who.second) one.zones.emplace_back(zone);
      info_.standing.push_back(std::move(one));
    }
    return code == SQLITE_DONE;
  }

  bool count() {
    const auto query = sqlite::prepare(
        database_.get(),
        "SELECT language, zone, count(*) FROM recipient GROUP BY language, zone ORDER BY language, zone");
    if (!query) return false;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(query.get())) == SQLITE_ROW) {
      info_.counts.push_back({alert::Language(std::string(sqlite::column(query.get(), 0))),
                              alert::ZoneId(std::string(sqlite::column(query.get(), 1))),
                              sqlite3_column_int64(query.get(), 2)});
      if (has(request_.zones, info_.counts.back().zone)) info_.recipients += info_.counts.back().recipients;
    }
    return code == SQLITE_DONE;
  }

  base::Checked<SnapshotInfo> finish() {
    // On disk before its digest can stand in a plan.
    if (!sqlite::run(database_.get(), "COMMIT") || !count() || !count_standing()) return unavailable();
    const auto digest = digest_of_snapshot(database_.get());
    if (!digest) return unavailable();
    info_.digest = *digest;
    close();
    std::error_code failed;
    std::filesystem::rename(temporary_, request_.folder / (info_.digest + ".db"), failed);
    if (failed) return unavailable();
    temporary_.clear();
    return std::move(info_);
  }

  base::Checked<SnapshotInfo> unavailable() {
    const std::string reason = database_ ? sqlite3_errmsg(database_.get()) : "cannot be opened";
    return std::unexpected(Errors{error_at(base::ErrorKind::unavailable, request_.folder, 0,
                                           {"plan.snapshot_unwritable", {{"reason", reason}}})});
  }

  base::Checked<SnapshotInfo> refuse() {
    Errors errors;
    for (auto& row : info_.bad_rows)
      errors.push_back(error_at(base::ErrorKind::bad_input, request_.file, row.row, std::move(row.reason)));
    const auto rest = info_.skipped - static_cast<std::int64_t>(info_.bad_rows.size());
    errors.push_back(error_at(base::ErrorKind::bad_input, request_.file, 0,
                              {"plan.rows_refused", {{"count", info_.skipped}, {"more", rest}}}));
    return std::unexpected(std::move(errors));
  }

  const SnapshotRequest& request_;
  std::array<std::size_t, 3> at_{};
  std::filesystem::path temporary_;
  sqlite::Handle database_;
  sqlite::Statement insert_alerted_, insert_hearing_, insert_standing_;
  SnapshotInfo info_;
};

}  // namespace

std::optional<std::string> digest_of_snapshot(sqlite3* database) {
  const auto query = sqlite::prepare(database, "SELECT number, language, zone FROM recipient ORDER BY number");
  if (!query) return std::nullopt;
  base::Sha256 hash;
  int code = SQLITE_ROW;
  std::string line;
  while ((code = sqlite3_step(query.get())) == SQLITE_ROW) {
    line.clear();
    for (int i = 0; i < 3; ++i) {
      line += sqlite::column(query.get(), i);
      line += i < 2 ? '\t' : '\n';
    }
    hash.update(line);
  }
  if (code != SQLITE_DONE) return std::nullopt;
  return base::hex(hash.finish());
}

base::Checked<SnapshotInfo> make_snapshot(const SnapshotRequest& request) { return Maker(request).run(); }

}  // namespace broadcaster::plan
