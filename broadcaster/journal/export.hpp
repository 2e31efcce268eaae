// One alert as files that a court, a researcher or another agency can read without this program.
//
//   alert.json       what went out, when, by whose authority, and how it stands
//   plan.json        the canonical plan, the bytes that were signed
//   signatures.json  who signed it, and the people file that the signatures were checked against (people.yaml)
//   deliveries.csv   a line a delivery; numbers as in the record
//   attempts.jsonl   a line a try
//   record.jsonl     the whole record (the chain cannot be checked in parts), {"hash", "entry"} a line
//   README.txt       what these files are and how to check the chain by hand
// Streams: never the whole list in memory. Thread rule: the store's; blocking.
#pragma once

#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

/// `language` of README.txt. Errors: bad_input for an alert that is not there, or a folder that is there and not empty;
/// unavailable for disk and state.
base::Result<void> export_record(SqliteStore& store, AlertId alert, const std::filesystem::path& out,
                                 const std::string& language);

}  // namespace broadcaster::journal
