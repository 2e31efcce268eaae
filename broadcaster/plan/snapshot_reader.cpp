#include "broadcaster/base/digest.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "broadcaster/plan/snapshot_format.hpp"
#include "broadcaster/plan/sqlite.hpp"

namespace broadcaster::plan {

struct SnapshotReader::Database {
  std::filesystem::path path;
  sqlite::Handle handle;
  sqlite::Statement page;
  sqlite::Statement zone_page;

  base::Result<std::vector<Recipient>> read(sqlite3_stmt* statement) const;
};

namespace {

std::unexpected<base::Error> fail(base::ErrorKind kind, const std::filesystem::path& path, base::Text text) {
  return std::unexpected(
      base::Error{.kind = kind, .text = std::move(text), .place = base::Place{path.string(), 0, 0}, .key = {}});
}

}  // namespace

SnapshotReader::SnapshotReader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
SnapshotReader::~SnapshotReader() = default;
SnapshotReader::SnapshotReader(SnapshotReader&&) noexcept = default;
SnapshotReader& SnapshotReader::operator=(SnapshotReader&&) noexcept = default;

base::Result<SnapshotReader> SnapshotReader::open(const std::filesystem::path& folder, const std::string& digest) {
  auto database = std::make_unique<Database>();
  // Only a digest may become a file name.
  if (!base::digest_from_hex(digest)) return fail(base::ErrorKind::unavailable, folder, {"plan.snapshot_missing", {}});
  database->path = folder / (digest + ".db");
  database->handle = sqlite::open(database->path, SQLITE_OPEN_READONLY);
  if (!database->handle) return fail(base::ErrorKind::unavailable, database->path, {"plan.snapshot_missing", {}});
  const auto found = digest_of_snapshot(database->handle.get());
  if (!found) return fail(base::ErrorKind::unavailable, database->path, {"plan.snapshot_unreadable", {}});
  if (*found != digest)
    return fail(base::ErrorKind::refused, database->path,
                {"plan.snapshot_changed", {{"expected", digest}, {"found", *found}}});
  database->page = sqlite::prepare(
      database->handle.get(), "SELECT number, language, zone FROM recipient WHERE number > ? ORDER BY number LIMIT ?");
  database->zone_page = sqlite::prepare(
      database->handle.get(),
      "SELECT number, language, zone FROM recipient WHERE zone = ? AND number > ? ORDER BY number LIMIT ?");
  if (!database->page || !database->zone_page)
    return fail(base::ErrorKind::unavailable, database->path, {"plan.snapshot_unreadable", {}});
  return SnapshotReader(std::move(database));
}

base::Result<std::vector<Recipient>> SnapshotReader::Database::read(sqlite3_stmt* statement) const {
  std::vector<Recipient> out;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    out.push_back({std::string(sqlite::column(statement, 0)),
                   alert::Language(std::string(sqlite::column(statement, 1))),
                   alert::ZoneId(std::string(sqlite::column(statement, 2)))});
  sqlite3_reset(statement);
  if (code != SQLITE_DONE) return fail(base::ErrorKind::unavailable, path, {"plan.snapshot_unreadable", {}});
  return out;
}

base::Result<std::vector<Recipient>> SnapshotReader::next(const std::string& number, int limit) {
  auto* page = database_->page.get();
  sqlite::bind(page, 1, number);
  sqlite3_bind_int(page, 2, limit);
  return database_->read(page);
}

base::Result<std::vector<Recipient>> SnapshotReader::next(const alert::ZoneId& zone, const std::string& number,
                                                          int limit) {
  auto* page = database_->zone_page.get();
  sqlite::bind(page, 1, zone.value);
  sqlite::bind(page, 2, number);
  sqlite3_bind_int(page, 3, limit);
  return database_->read(page);
}

}  // namespace broadcaster::plan
