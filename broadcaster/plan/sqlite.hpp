// The little of SQLite that a snapshot needs. Included by .cpp files alone. Thread rule: one thread an object.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"

namespace broadcaster::plan::sqlite {

struct CloseDatabase {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};
using Handle = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Before SQLite is used for the first time: nobody asks how much memory it has, and counting that takes a lock at
/// every allocation, 5% of a journal's work. Later it has no effect.
inline void leave_memory_uncounted() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

/// nullptr when it cannot be opened.
inline Handle open(const std::filesystem::path& path, int flags) {
  leave_memory_uncounted();
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Handle handle(raw);
  if (code != SQLITE_OK) handle.reset();
  return handle;
}

inline bool run(sqlite3* database, const char* sql) {
  return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// nullptr when SQLite refuses it.
inline Statement prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  return Statement(raw);
}

inline void bind(sqlite3_stmt* statement, int index, std::string_view text) {
  sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

inline std::string_view column(sqlite3_stmt* statement, int index) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
  return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, index))};
}

}  // namespace broadcaster::plan::sqlite
