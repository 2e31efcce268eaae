// An audience, read once: config/audiences/<name>.csv becomes a snapshot that the plan names by its SHA-256.
//
// The file has the columns number, language, zone in any order (UTF-8 with or without a mark, CRLF or LF, quotes as in
// RFC 4180). A number is E.164: "+" and 7 to 15 digits. One row a person: of several rows with one number the first
// that an alerted zone holds counts, and only without one the first of a zone in hearing. Somebody whose language is
// not offered gets the first that is: a warning is never held back for its language. Memory is bounded: rows go
// straight into SQLite.
//
// The digest is over "number TAB language TAB zone LF", sorted by number. The snapshot stands in the state folder as
// <digest>.db; dispatch expands from it and from nothing else. Thread rule: blocking; one thread an object.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

/// What to do with a row that has a mistake.
enum class BadRows { refuse, skip };

struct SnapshotRequest {
  std::filesystem::path file;              ///< the CSV
  std::filesystem::path folder;            ///< where snapshots stand; must exist
  std::vector<alert::Language> languages;  ///< offered; not empty
  std::vector<alert::ZoneId> zones;        ///< alerted; rows of other zones of the map are left out
  /// In hearing of a siren that sounds: kept, too, for the false alarm. Who stands in both is of the alerted zone.
  std::vector<alert::ZoneId> in_hearing = {};
  const alert::Zones* map = nullptr;  ///< a zone that is not on it is a mistake
  BadRows bad_rows = BadRows::refuse;
  /// Whether SnapshotInfo::standing is wanted: it doubles the work.
  enum class Count { rows, standing } count = Count::rows;
};

struct BadRow {
  int row = 0;  ///< line in the file; the heading is line 1
  base::Text reason;
};

struct SnapshotInfo {
  std::string digest;  ///< hex
  std::vector<AudienceCount> counts;
  std::vector<Standing> standing;   ///< in alerted zones, each person once
  std::int64_t recipients = 0;      ///< in alerted zones
  std::int64_t duplicates = 0;      ///< further rows of a number that is already in
  std::int64_t elsewhere = 0;       ///< rows of zones that are neither alerted nor in hearing
  std::int64_t other_language = 0;  ///< recipients who asked for a language that is not offered
  std::int64_t skipped = 0;
  std::vector<BadRow> bad_rows;  ///< the first 20
};

/// Errors: bad_input for the heading, and for rows with mistakes (the first 20 and how many there are) unless they are
/// to be skipped; unavailable when the folder cannot be written.
base::Checked<SnapshotInfo> make_snapshot(const SnapshotRequest& request);

struct Recipient {
  std::string number;
  alert::Language language;
  alert::ZoneId zone;
  bool operator==(const Recipient&) const = default;
};

class SnapshotReader {
 public:
  /// Reads the whole snapshot once and compares. Errors: unavailable when it is missing or cannot be read; refused when
  /// its digest is another (both are named).
  static base::Result<SnapshotReader> open(const std::filesystem::path& folder, const std::string& digest);
  ~SnapshotReader();
  SnapshotReader(SnapshotReader&&) noexcept;
  SnapshotReader& operator=(SnapshotReader&&) noexcept;

  /// At most `limit` recipients after `number` (empty: from the beginning), by number. Errors: unavailable.
  base::Result<std::vector<Recipient>> next(const std::string& number, int limit);
  /// The same of one zone: dispatch goes zone by zone.
  base::Result<std::vector<Recipient>> next(const alert::ZoneId& zone, const std::string& number, int limit);

 private:
  struct Database;
  explicit SnapshotReader(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace broadcaster::plan
