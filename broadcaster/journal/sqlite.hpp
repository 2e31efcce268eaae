// A thin RAII layer over SQLite's C API: a connection, cached statements, a transaction.
//
// Inside this folder a statement that fails throws sqlite::Failure, so that every path out of a transaction rolls back;
// Journal::transact() turns it into an Error, and it never leaves the folder. Thread rule: one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace broadcaster::journal::sqlite {

/// SQLite said no: disk full, I/O error, damaged file, locked.
class Failure : public std::exception {
 public:
  Failure(int extended_code, std::string message) : code_(extended_code), message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  int code() const { return code_ & 0xff; }  ///< primary result code
  int extended_code() const { return code_; }

 private:
  int code_;
  std::string message_;
};

/// Bytes that need not be UTF-8: bound as BLOB.
struct Blob {
  std::string_view bytes;
};

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

/// One run of a cached statement; gives it back when it goes. Two runs of the same text at one time are a bug.
class Query {
 public:
  /// copied: `values` may go before the query does. borrowed: they outlive it.
  enum class Values { copied, borrowed };
  template <class... Bound>
  explicit Query(sqlite3_stmt* statement, Values how, const Bound&... values)
      : statement_(statement), release_(how == Values::copied ? SQLITE_TRANSIENT : SQLITE_STATIC) {
    int index = 0;
    (bind(++index, values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view value);
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, Blob value);
  void bind(int index, std::nullopt_t);
  void bind(int index, const std::optional<std::int64_t>& value);

  bool next();  ///< false: no row left

  bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::string text(int column) const;  ///< TEXT or BLOB, as bytes

 private:
  void check(int code) const;
  sqlite3_stmt* statement_;
  sqlite3_destructor_type release_;
};

class Database {
 public:
  /// `vfs` empty: the machine's own files. Throws Failure.
  Database(std::filesystem::path file, std::string vfs);
  /// Closes it and opens the same file again, which must be there. Throws Failure; every statement does so then, until
  /// it has been opened.
  void reopen();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Several statements without results, or one pragma.
  void execute(const char* sql);

  /// `sql` is a literal: the statement is compiled once and found again by the literal's address.
  template <class... Values>
  Query query(const char* sql, const Values&... values) {
    return Query(compiled(sql), Query::Values::copied, values...);
  }
  /// Runs to the end; returns how many rows changed.
  template <class... Values>
  std::int64_t run(const char* sql, const Values&... values) {
    Query statement(compiled(sql), Query::Values::borrowed, values...);
    while (statement.next()) {
    }
    return sqlite3_changes64(db_.get());
  }

  std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_.get()); }
  bool in_transaction() const { return db_ && sqlite3_get_autocommit(db_.get()) == 0; }
  int wal_frames() const { return wal_frames_; }  ///< as the last commit left them
  void checkpoint();                              ///< PASSIVE

  /// What a connection before this one wrote to the WAL, and perhaps could not sync, is read from now on: it must be on
  /// disk before anybody acts on it. Written again and not only synced: when fsync fails, Linux takes the pages for
  /// clean, and the next fsync says "done" of what never reached the disk. Throws Failure.
  void make_durable_what_is_found();
  /// After a failed write: closing does not touch the file. A checkpoint of what is not on disk, and a WAL of which a
  /// part is, would together be neither the old database nor the new one.
  void distrust();

 private:
  friend class Backup;
  void open(int flags);
  sqlite3_stmt* compiled(const char* sql);
  const std::filesystem::path file_;
  const std::string vfs_;
  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
  int wal_frames_ = 0;
};

/// A copy of a database that is made while it is in use: what this connection writes meanwhile is copied too.
class Backup {
 public:
  /// `file` must not be there. Throws Failure.
  Backup(Database& from, const std::filesystem::path& file);
  /// Gives up what is not finished.
  ~Backup();
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  /// Copies up to `pages`; false: it was the last of them; the copy is whole, and not yet synced. Throws Failure.
  bool step(int pages);
  int left() const { return sqlite3_backup_remaining(backup_); }
  int pages() const { return sqlite3_backup_pagecount(backup_); }

 private:
  std::unique_ptr<sqlite3, Close> to_;
  sqlite3_backup* backup_ = nullptr;
};

/// Rolls back unless commit() came to its end.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
};

}  // namespace broadcaster::journal::sqlite
