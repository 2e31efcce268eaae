#include "broadcaster/journal/sqlite.hpp"

#include <algorithm>
#include <vector>

#include "broadcaster/plan/sqlite.hpp"

namespace broadcaster::journal::sqlite {
namespace {

[[noreturn]] void raise(sqlite3* db) { throw Failure(sqlite3_extended_errcode(db), sqlite3_errmsg(db)); }

}  // namespace

Query::~Query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::check(int code) const {
  if (code != SQLITE_OK) raise(sqlite3_db_handle(statement_));
}

void Query::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(statement_, index, value)); }

void Query::bind(int index, std::string_view value) {
  check(sqlite3_bind_text64(statement_, index, value.data() ? value.data() : "", value.size(), release_, SQLITE_UTF8));
}

void Query::bind(int index, Blob value) {
  // A null pointer would bind NULL instead of an empty blob.
  check(sqlite3_bind_blob64(statement_, index, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(),
                            release_));
}

void Query::bind(int index, std::nullopt_t) { check(sqlite3_bind_null(statement_, index)); }

void Query::bind(int index, const std::optional<std::int64_t>& value) {
  if (value)
    bind(index, *value);
  else
    bind(index, std::nullopt);
}

bool Query::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  raise(sqlite3_db_handle(statement_));
}

std::optional<std::int64_t> Query::maybe_integer(int column) const {
  if (null(column)) return std::nullopt;
  return integer(column);
}

std::string Query::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes ? std::string(static_cast<const char*>(bytes), size) : std::string();
}

Database::Database(std::filesystem::path file, std::string vfs) : file_(std::move(file)), vfs_(std::move(vfs)) {
  plan::sqlite::leave_memory_uncounted();
  open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

void Database::reopen() {
  statements_.clear();
  db_.reset();
  open(SQLITE_OPEN_READWRITE);
}

void Database::open(int flags) {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(file_.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, vfs_.empty() ? nullptr : vfs_.c_str());
  std::unique_ptr<sqlite3, Close> opened(db);
  if (code != SQLITE_OK) throw Failure(db ? sqlite3_extended_errcode(db) : code, db ? sqlite3_errmsg(db) : "no memory");
  db_ = std::move(opened);
  wal_frames_ = 0;
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // Takes the place of SQLite's own automatic checkpoints: when to do one is decided by the owner.
  sqlite3_wal_hook(
      db,
      [](void* frames, sqlite3*, const char*, int count) {
        *static_cast<int*>(frames) = count;
        return SQLITE_OK;
      },
      &wal_frames_);
}

void Database::execute(const char* sql) {
  if (!db_) throw Failure(SQLITE_CANTOPEN, "the file is not open");
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) raise(db_.get());
}

void Database::checkpoint() {
  if (!db_) throw Failure(SQLITE_CANTOPEN, "the file is not open");
  int code = sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY) raise(db_.get());
  // A finished passive checkpoint lets the next writer begin at the front of the WAL again.
  wal_frames_ = 0;
}

void Database::make_durable_what_is_found() {
  if (!db_) throw Failure(SQLITE_CANTOPEN, "the file is not open");
  sqlite3_file* wal = nullptr;
  sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (!wal || !wal->pMethods) return;
  const auto must = [](int code, const char* what) {
    if (code != SQLITE_OK) throw Failure(code, what);
  };
  sqlite3_int64 size = 0;
  must(wal->pMethods->xFileSize(wal, &size), "the size of the write-ahead log");
  if (size == 0) return;
  std::vector<char> piece(std::size_t{1} << 16);  // SQLite's own file layer writes less than 128 KiB at once
  for (sqlite3_int64 at = 0; at < size; at += static_cast<sqlite3_int64>(piece.size())) {
    const auto bytes = static_cast<int>(std::min(size - at, static_cast<sqlite3_int64>(piece.size())));
    must(wal->pMethods->xRead(wal, piece.data(), bytes, at), "reading the write-ahead log");
    must(wal->pMethods->xWrite(wal, piece.data(), bytes, at), "writing the write-ahead log again");
  }
  must(wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL), "syncing the write-ahead log");
}

void Database::distrust() {
  if (db_) sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

sqlite3_stmt* Database::compiled(const char* sql) {
  if (!db_) throw Failure(SQLITE_CANTOPEN, "the file is not open");
  auto& slot = statements_[sql];
  if (!slot) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
      raise(db_.get());
    slot.reset(statement);
  }
  return slot.get();
}

Backup::Backup(Database& from, const std::filesystem::path& file) {
  if (!from.db_) throw Failure(SQLITE_CANTOPEN, "the file is not open");
  sqlite3* to = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  to_.reset(to);
  if (code != SQLITE_OK) throw Failure(code, to ? sqlite3_errmsg(to) : "no memory");
  // Syncing a large copy takes seconds, and belongs to whoever asked for it.
  if (sqlite3_exec(to, "PRAGMA synchronous=OFF", nullptr, nullptr, nullptr) != SQLITE_OK) raise(to);
  backup_ = sqlite3_backup_init(to, "main", from.db_.get(), "main");
  if (!backup_) raise(to);
}

Backup::~Backup() {
  if (backup_) sqlite3_backup_finish(backup_);
}

bool Backup::step(int pages) {
  const int code = sqlite3_backup_step(backup_, pages);
  if (code == SQLITE_OK) return true;
  if (code == SQLITE_DONE) return false;
  throw Failure(code, sqlite3_errstr(code));
}

Transaction::Transaction(Database& db) : db_(db) { db_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (!db_.in_transaction()) return;  // committed, or SQLite rolled back by itself
  try {
    db_.run("ROLLBACK");
  } catch (const Failure&) {
    // Nothing more can be done with this connection; its owner is broken() already.
  }
}

void Transaction::commit() { db_.run("COMMIT"); }

}  // namespace broadcaster::journal::sqlite
