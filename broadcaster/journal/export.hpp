// One alert as files that a court, a researcher or another agency can read and check without this program.
//
//   report.html      what was ordered, by whom, what was said and whom it reached: for people
//   alert.json       what went out, when, by whose authority, how it stands; the machine's clock
//   plan.json        the canonical plan, the bytes that were signed
//   signatures.json  who signed it, and the people file that the signatures were checked against (people.yaml)
//   form.json        of a prepared alert: what was signed by day; signatures.json is over it then
//   firing.json      and who fired it, for which zones and arrival
//   messages.jsonl   every message, byte for byte, with its destination and SHA-256
//   deliveries       a line a delivery   } each as .jsonl (every value as it is) and .csv (for a spreadsheet; fields
//   attempts         a line a try        } that would be formulas are defused, export_files.hpp)
//   evidence         a line a receipt, acknowledgement or read-back
//   numbers.csv      only with Numbers::clear: which number a delivery went to (of people who are not erased)
//   record.jsonl     the whole record (the chain cannot be checked in parts), {"hash", "entry"} a line
//   record-key.pem   the public key of its checkpoints, and of SHA256SUMS.sig
//   SHA256SUMS       of all files but itself and its signature, SHA256SUMS.sig (Ed25519, 64 bytes)
//   README.txt       what these files are and how to check them by hand
// and what the caller adds (the alert as a file and as CAP). That it was made stands in the record, with whether
// numbers were given out. Streams: never the whole list in memory. Written in steps, between which the store does what
// cannot wait; lines of deliveries and attempts are each as they stand when they are read. Thread rule: one thread at a
// time; begin() and step() on the store's.
#pragma once

#include <map>
#include <memory>

#include "broadcaster/journal/record_key.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

struct ExportOptions {
  std::filesystem::path out;
  alert::Mode mode = alert::Mode::drill;  ///< of the state
  std::string language = "en";
  std::string time_zone = {};       ///< IANA, of the report; empty: UTC
  std::string time_zone_name = {};  ///< as people say it: "WIB"
  /// hashed: numbers as in the record. clear: a file of numbers more; `why` stands in the record.
  enum class Numbers { hashed, clear } numbers = Numbers::hashed;
  std::string why = {};
  std::string by = {};                           ///< who asks for it
  std::map<std::string, std::string> more = {};  ///< further files by name
  std::optional<RecordKey> key = {};             ///< signs the record up to here, and SHA256SUMS
};

class RecordExport {
 public:
  /// Writes the small files and the record's entry. Errors: bad_input for an alert that is not there, a folder that is
  /// there and not empty, a name of a further file that is no plain name; unavailable for disk and state.
  static base::Result<RecordExport> begin(SqliteStore& store, AlertId alert, ExportOptions options);
  /// Some lines more. Errors: unavailable.
  enum class Progress { more, complete };
  base::Result<Progress> step(SqliteStore& store);

  RecordExport(RecordExport&&) noexcept;
  RecordExport& operator=(RecordExport&&) noexcept;
  ~RecordExport();

 private:
  struct Inner;
  explicit RecordExport(std::unique_ptr<Inner> inner);
  std::unique_ptr<Inner> inner_;
};

/// All of it at once. Errors: as RecordExport.
base::Result<void> export_record(SqliteStore& store, AlertId alert, ExportOptions options);

/// The program that README.txt shows for checking a record (Python 3, nothing but its standard library).
std::string_view check_by_hand();

}  // namespace broadcaster::journal
