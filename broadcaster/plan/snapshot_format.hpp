// What a snapshot file is, shared by its writer and its reader. Thread rule: one thread a database.
#pragma once

#include <optional>
#include <string>

struct sqlite3;

namespace broadcaster::plan {

inline constexpr const char* snapshot_schema =
    "CREATE TABLE recipient(number TEXT PRIMARY KEY, language TEXT NOT NULL, zone TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX recipient_zone ON recipient(zone, number);";

/// SHA-256 in hex over the canonical lines; nothing when the database cannot be read.
std::optional<std::string> digest_of_snapshot(sqlite3* database);

}  // namespace broadcaster::plan
