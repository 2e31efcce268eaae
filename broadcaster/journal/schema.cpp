// Opening: settings, the tables of every state format, and the refusals.
#include <fcntl.h>
#include <unistd.h>

#include "broadcaster/journal/checkpoint.hpp"
#include "broadcaster/journal/journal.hpp"
#include "broadcaster/journal/statements.hpp"

namespace broadcaster::journal {

// WAL with FULL: a commit that returned survives a power cut on an honest disk. EXCLUSIVE: only the owner opens the
// file; said before the first read, so that no shared memory is needed. Automatic checkpoints are replaced by our own
// (see sqlite.cpp).
const char* const statements::settings = R"(
PRAGMA locking_mode=EXCLUSIVE;
PRAGMA page_size=4096;
PRAGMA cache_size=-8192;
PRAGMA mmap_size=0;
PRAGMA foreign_keys=ON;
PRAGMA trusted_schema=OFF;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
)";

namespace {

// delivery.state is the number of delivery::State: 0 pending, 1 sent, 2 accepted, 3 confirmed, 4 unknown, 5 failed,
// 6 expired, 7 cancelled. Times are milliseconds since 1970; due NULL means: never by itself, due 0: at once.
// Partial indexes hold open rows only, so their cost follows open work.
constexpr auto tables = R"(
CREATE TABLE state(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  mode TEXT NOT NULL,
  last_code INTEGER NOT NULL) STRICT;

CREATE TABLE alert(
  id INTEGER PRIMARY KEY,
  plan_digest TEXT NOT NULL,
  false_alarm INTEGER NOT NULL,
  identifier TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL,
  expires INTEGER NOT NULL,
  stopped_at INTEGER,
  stop_reason TEXT NOT NULL DEFAULT '',
  UNIQUE(plan_digest, false_alarm)) STRICT;
CREATE INDEX alert_code ON alert(code);

-- Apart from alert: a plan may be a megabyte, and the small row is written again when it stops.
CREATE TABLE release(alert INTEGER PRIMARY KEY REFERENCES alert(id), stored TEXT NOT NULL) STRICT;
-- Outside the chain: without it nobody can tell whose hash is whose.
CREATE TABLE alert_key(alert INTEGER PRIMARY KEY REFERENCES alert(id), key BLOB NOT NULL) STRICT;
CREATE TABLE route(
  alert INTEGER NOT NULL REFERENCES alert(id), n INTEGER NOT NULL,
  name TEXT NOT NULL, first_endpoint TEXT NOT NULL,
  PRIMARY KEY(alert, n)) STRICT, WITHOUT ROWID;
-- How far expand() has come: the unit of work and the last recipient in it.
CREATE TABLE expansion(
  alert INTEGER PRIMARY KEY REFERENCES alert(id),
  unit INTEGER NOT NULL, after TEXT NOT NULL, complete INTEGER NOT NULL) STRICT;

CREATE TABLE delivery(
  id INTEGER PRIMARY KEY,
  alert INTEGER NOT NULL REFERENCES alert(id), route INTEGER NOT NULL,
  recipient TEXT NOT NULL, language TEXT NOT NULL, zone TEXT NOT NULL,
  state INTEGER NOT NULL CHECK(state BETWEEN 0 AND 7),
  due INTEGER,
  attempts INTEGER NOT NULL,
  doubt INTEGER NOT NULL,      -- 1: to be sent again after unknown, so a possible duplicate
  endpoint TEXT NOT NULL,      -- of the last attempt
  memo BLOB NOT NULL,
  UNIQUE(alert, route, recipient)) STRICT;
CREATE INDEX delivery_claim ON delivery(alert, route, due, id) WHERE state IN (0, 4) AND due IS NOT NULL;
CREATE INDEX delivery_held ON delivery(alert, state) WHERE state IN (0, 4) AND due IS NULL;
CREATE INDEX delivery_sent ON delivery(alert) WHERE state = 1;

CREATE TABLE attempt(
  delivery INTEGER NOT NULL REFERENCES delivery(id), n INTEGER NOT NULL,
  endpoint TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER,
  outcome TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY(delivery, n)) STRICT, WITHOUT ROWID;
CREATE TABLE reference(
  endpoint TEXT NOT NULL, ref BLOB NOT NULL,
  delivery INTEGER NOT NULL REFERENCES delivery(id), n INTEGER NOT NULL,
  PRIMARY KEY(endpoint, ref)) STRICT, WITHOUT ROWID;
CREATE TABLE evidence(
  delivery INTEGER NOT NULL REFERENCES delivery(id), n INTEGER NOT NULL,
  endpoint TEXT NOT NULL, proof TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY(delivery, n)) STRICT, WITHOUT ROWID;
-- Proof that came before the answer that names its reference.
CREATE TABLE orphan(
  id INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL, ref BLOB NOT NULL,
  proof INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX orphan_ref ON orphan(endpoint, ref);

-- Kept in the transaction of the change itself; endpoint '' before the first attempt.
CREATE TABLE counter(
  alert INTEGER NOT NULL, route INTEGER NOT NULL, endpoint TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(alert, route, endpoint, state)) STRICT, WITHOUT ROWID;
CREATE TABLE endpoint_times(
  alert INTEGER NOT NULL, endpoint TEXT NOT NULL,
  first_attempt INTEGER, first_accepted INTEGER, last_accepted INTEGER,
  first_confirmed INTEGER, last_confirmed INTEGER,
  attempts INTEGER NOT NULL, possible_duplicates INTEGER NOT NULL,
  PRIMARY KEY(alert, endpoint)) STRICT, WITHOUT ROWID;

CREATE TABLE channel_value(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- entry is a BLOB: exactly the bytes that were hashed.
CREATE TABLE record(
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, entry BLOB NOT NULL, hash BLOB NOT NULL) STRICT;

PRAGMA user_version = 1;
)";

// Of a follow-up: the alert that it replaces or takes back.
constexpr auto format_2 = R"(
ALTER TABLE alert ADD COLUMN follows INTEGER REFERENCES alert(id);

PRAGMA user_version = 2;
)";

// What a far side answered stands with the attempt; posts that show something else than was approved are found without
// reading all evidence; people can be erased.
constexpr auto format_3 = R"(
ALTER TABLE attempt ADD COLUMN ref TEXT NOT NULL DEFAULT '';
CREATE INDEX evidence_differs ON evidence(delivery) WHERE kind = 'read_back_differs';
ALTER TABLE alert ADD COLUMN erased_at INTEGER;

PRAGMA user_version = 3;
)";
static_assert(Journal::current_format == 3, "user_version above");

std::optional<std::string> prepare_folder(const std::filesystem::path& folder, const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return error.message();
  // The file holds phone numbers; SQLite gives its WAL the same rights.
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return std::error_code(errno, std::generic_category()).message();
  ::close(descriptor);
  return std::nullopt;
}

}  // namespace

base::Error error_of(const sqlite::Failure& failure, const std::filesystem::path& folder) {
  const char* text = "journal.io_error";
  switch (failure.code()) {
    case SQLITE_FULL:
      text = "journal.disk_full";
      break;
    case SQLITE_BUSY:
      text = "journal.in_use";
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      text = "journal.damaged";
      break;
  }
  return {.kind = base::ErrorKind::unavailable,
          .text = {text, {{"folder", folder.string()}, {"reason", std::string(failure.what())}}},
          .place = {},
          .key = {}};
}

base::Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& folder, alert::Mode mode,
                                                             const OpenOptions& options) {
  if (options.vfs.empty())
    if (const auto reason = prepare_folder(folder, folder / "journal.db"))
      return base::fail(base::ErrorKind::unavailable,
                        {"journal.io_error", {{"folder", folder.string()}, {"reason", *reason}}});
  try {
    auto journal = std::make_unique<Journal>(folder, options);
    const auto prepared = journal->prepare(mode);
    if (!prepared) return std::unexpected(prepared.error());
    return journal;
  } catch (const sqlite::Failure& failure) {
    return std::unexpected(error_of(failure, folder));
  }
}

Journal::Journal(const std::filesystem::path& folder, const OpenOptions& options)
    : folder_(folder),
      clock_(options.clock ? *options.clock : system_clock_),
      db_(folder / "journal.db", options.vfs) {}

base::Result<void> Journal::prepare(alert::Mode mode) {
  mode_ = mode;
  db_.execute(statements::settings);
  db_.make_durable_what_is_found();
  const auto format = [this] {
    auto version = db_.query("PRAGMA user_version");
    version.next();
    return version.integer(0);
  }();
  if (format > current_format)
    return base::fail(base::ErrorKind::refused,
                      {"journal.newer_format",
                       {{"folder", folder_.string()}, {"found", format}, {"known", std::int64_t{current_format}}}});
  if (format == 0) {
    auto made = transact("opened", now(), [&](boost::json::object& body) {
      make_schema(mode);
      body["mode"] = alert::name(mode);
      body["format"] = current_format;
    });
    if (!made) return made;
  }
  if (format > 0 && format < current_format) {
    read_head();
    auto upgraded = transact("upgraded", now(), [&](boost::json::object& body) {
      upgrade(format);
      body["format"] = current_format;
    });
    if (!upgraded) return upgraded;
  }
  auto row = db_.query("SELECT mode FROM state");
  const std::string found = row.next() ? row.text(0) : "";
  if (found != alert::name(mode))
    return base::fail(base::ErrorKind::refused,
                      {"journal.other_mode",
                       {{"folder", folder_.string()}, {"found", found}, {"wanted", std::string(alert::name(mode))}}});
  read_head();
  return {};
}

void Journal::make_schema(alert::Mode mode) {
  db_.execute(tables);
  upgrade(1);
  db_.run("INSERT INTO state(one, mode, last_code) VALUES(1, ?1, 0)", alert::name(mode));
}

void Journal::upgrade(std::int64_t format) {
  if (format < 2) db_.execute(format_2);
  if (format < 3) db_.execute(format_3);
}

void Journal::read_head() {
  auto last = db_.query("SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1");
  if (!last.next()) return;
  seq_ = last.integer(0);
  const auto hash = last.text(1);
  if (hash.size() != head_.size()) throw sqlite::Failure(SQLITE_CORRUPT, "hash of the record's last entry");
  std::copy(hash.begin(), hash.end(), head_.begin());
  const auto far_back = std::max(std::int64_t{0}, seq_ - most_unsigned);
  auto checkpoint =
      db_.query("SELECT seq FROM record WHERE seq > ?1 AND kind = 'checkpoint' ORDER BY seq DESC LIMIT 1", far_back);
  signed_seq_ = checkpoint.next() ? checkpoint.integer(0) : far_back;
}

void Journal::finish(sqlite::Transaction& transaction, boost::json::object body, std::string_view kind,
                     base::WallTime at) {
  const auto entry = record_entry(std::move(body), seq_ + 1, at, kind);
  const auto hash = next_hash(head_, entry);
  next_head_ = hash;
  db_.run("INSERT INTO record(seq, at, kind, entry, hash) VALUES(?1, ?2, ?3, ?4, ?5)", seq_ + 1, to_ms(at), kind,
          sqlite::Blob{entry}, sqlite::Blob{{reinterpret_cast<const char*>(hash.data()), hash.size()}});
  transaction.commit();
  ++seq_;
  head_ = hash;
  // A busy night never goes idle: 16 MB is where waiting for it ends. An urgent alert waits for a checkpoint that is
  // under way; one of 64 MB took 0.1 s.
  if (db_.wal_frames() > 4'000) db_.checkpoint();
}

void Journal::tend() {
  // Housekeeping, bounded: proof that nobody asked for must not fill the disk. It stands in the record all the same.
  constexpr std::int64_t orphans_kept = 100'000;
  if (broken()) return;
  try {
    db_.run("DELETE FROM orphan WHERE id <= (SELECT max(id) FROM orphan) - ?1", orphans_kept);
    if (!readers_.empty() || !walks_.empty()) close_lists();
    if (db_.wal_frames() > 1'000) db_.checkpoint();
  } catch (const sqlite::Failure& failure) {
    broke(failure);
  }
}

/// An alert that ended before everybody had a row does not come back for its lists.
void Journal::close_lists() {
  auto expanding = db_.query(
      "SELECT 1 FROM expansion e JOIN alert a ON a.id = e.alert"
      " WHERE e.complete = 0 AND a.stopped_at IS NULL AND a.expires > ?1",
      to_ms(now()));
  if (expanding.next()) return;
  readers_.clear();
  walks_.clear();
}

}  // namespace broadcaster::journal
