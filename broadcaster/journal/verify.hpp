// Does the record still say what was written? Every change, removal, insertion and reordering breaks the chain.
//
// A chain that ends early is still a chain, so its head is kept apart: <state>/record.head, one line "seq hex-hash",
// written by StoreThread when idle and at its end, and printed with every report. verify() compares with it; after a
// crash the file is older than the record, which is fine. Whoever can write the whole folder can forge both: a head
// that somebody else keeps (the report's) is what shows that, so it may be passed in.
// The record of a big alert takes seconds to read: it is read in steps, between which the store does what cannot wait.
// Thread rule: one thread at a time; step() on the store's.
#pragma once

#include "broadcaster/journal/chain.hpp"

namespace broadcaster::journal {

struct VerifyReport {
  std::int64_t entries = 0;  ///< as far as they could be read
  RecordHead head;           ///< as found
  /// The first entry that is wrong; nullopt: the record is whole. One beyond the last when entries are missing there.
  std::optional<std::int64_t> first_bad;
  base::Text reason;  ///< with first_bad
};

/// Reads the record once, in bounded memory.
class RecordCheck {
 public:
  /// `kept`: heads that others kept (a report's). Errors: unavailable; check_failed for a file that holds no head.
  static base::Result<RecordCheck> begin(const std::filesystem::path& folder, std::span<const RecordHead> kept = {});
  /// Some entries more, in a few milliseconds. Errors: unavailable.
  enum class Progress { more, complete };
  base::Result<Progress> step(SqliteStore& store);
  /// Whole when step() said complete.
  const VerifyReport& report() const { return report_; }

 private:
  struct KnownHead {
    RecordHead head;
    enum class Seen { no, yes } seen = Seen::no;
  };
  Progress found(std::int64_t seq, base::Text reason);
  std::optional<base::Text> other_head();
  Progress end();

  Chain chain_;
  VerifyReport report_;
  std::vector<KnownHead> heads_;
};

/// All of it at once. Errors: as RecordCheck.
base::Result<VerifyReport> verify(SqliteStore& store, std::span<const RecordHead> kept = {});
/// The same for a folder that nobody works on, whatever its mode.
base::Result<VerifyReport> verify(const std::filesystem::path& folder, std::span<const RecordHead> kept = {});

/// Errors: unavailable.
base::Result<void> write_record_head(const SqliteStore& store);
/// nullopt: there is none yet. Errors: check_failed when it is not a head.
base::Result<std::optional<RecordHead>> read_record_head(const std::filesystem::path& folder);

}  // namespace broadcaster::journal
