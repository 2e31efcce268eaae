// One alert as files that a court, a researcher or another agency can read without this program.
//
//   alert.json       what went out, when, by whose authority, and how it stands
//   plan.json        the canonical plan, the bytes that were signed
//   signatures.json  who signed it, and the people file that the signatures were checked against (people.yaml)
//   deliveries.csv   a line a delivery; numbers as in the record
//   attempts.jsonl   a line a try
//   record.jsonl     the whole record (the chain cannot be checked in parts), {"hash", "entry"} a line
//   README.txt       what these files are and how to check the chain by hand
// Streams: never the whole list in memory. Written in steps, between which the store does what cannot wait; lines of
// deliveries and attempts are each as they stand when they are read.
// Thread rule: one thread at a time; begin() and step() on the store's.
#pragma once

#include <functional>
#include <vector>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

class RecordExport {
 public:
  /// Writes the small files. `language` of README.txt. Errors: bad_input for an alert that is not there, or a folder
  /// that is there and not empty; unavailable for disk and state.
  static base::Result<RecordExport> begin(SqliteStore& store, AlertId alert, const std::filesystem::path& out,
                                          const std::string& language);
  /// Some lines more. Errors: unavailable.
  enum class Progress { more, complete };
  base::Result<Progress> step(SqliteStore& store);

 private:
  /// A file that is under way: writes its next lines, and says whether there are more.
  using Part = std::move_only_function<base::Result<Progress>(SqliteStore&)>;
  std::vector<Part> parts_;  ///< the one under way is the last
};

/// All of it at once. Errors: as RecordExport.
base::Result<void> export_record(SqliteStore& store, AlertId alert, const std::filesystem::path& out,
                                 const std::string& language);

}  // namespace broadcaster::journal
