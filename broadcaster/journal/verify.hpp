// Does the record still say what was written? Every change, removal, insertion and reordering breaks the chain.
//
// A chain that ends early is still a chain. What shows that its end is missing, or that it was written anew:
//   - its head is kept apart: <state>/record.head, one line "seq hex-hash", written by StoreThread when idle and at its
//     end. After a crash the file is older than the record, which is fine;
//   - checkpoints, signed by the key of the state (checkpoint.hpp says against whom they help);
//   - heads and keys that somebody else keeps: `record key`, reports and exports print them, and they may be passed in.
// Whoever can write the whole folder can forge the first two. What is behind the last kept head is nobody's word but
// the machine's.
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
  Vouched vouched;    ///< by whom it is signed, and how far
};

/// What others kept of a record.
struct Kept {
  std::vector<RecordHead> heads;
  /// Whose checkpoints count. Empty: the key of the folder alone, where it has one.
  std::vector<base::PublicKey> keys;
};

/// As people type them. Errors: usage for a head that is none, or a key that is none.
base::Result<Kept> kept_from(std::span<const std::string> heads, std::span<const std::string> keys);

/// Reads the record once, in bounded memory.
class RecordCheck {
 public:
  /// Errors: unavailable; check_failed for a file of the folder that holds no head, or no key; refused when others may
  /// read the key.
  static base::Result<RecordCheck> begin(const std::filesystem::path& folder, const Kept& kept = {});
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
base::Result<VerifyReport> verify(SqliteStore& store, const Kept& kept = {});
/// The same for a folder that nobody works on, whatever its mode.
base::Result<VerifyReport> verify(const std::filesystem::path& folder, const Kept& kept = {});

/// Errors: unavailable.
base::Result<void> write_record_head(const SqliteStore& store);
/// nullopt: there is none yet. Errors: check_failed when it is not a head.
base::Result<std::optional<RecordHead>> read_record_head(const std::filesystem::path& folder);

}  // namespace broadcaster::journal
