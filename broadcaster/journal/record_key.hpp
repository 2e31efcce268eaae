// The key of a state folder, which signs its record's checkpoints: <state>/record.key, 0600, made at the first start.
//
//   kind: broadcaster-record-key
//   seed: 64 hex digits          Ed25519 (RFC 8032)
//   since: 12 hash               the last entry of the record when the key was made: everything behind it is signed
//
// Without this file a new one is made, and what the old one signed is a stranger's: then both public keys must be named
// when the record is checked. What the key is worth against whom: checkpoint.hpp.
// Thread rule: blocking; any thread.
#pragma once

#include <filesystem>

#include "broadcaster/base/error.hpp"
#include "broadcaster/journal/checkpoint.hpp"

namespace broadcaster::journal {

struct RecordKey {
  base::SigningKey key;
  RecordHead since;
  KnownSigner known() const { return {key.public_key(), since}; }
};

/// nullopt: there is none yet. Errors: check_failed for a file that is no key; refused when group or others may read or
/// write it; bad_input when it cannot be read.
base::Result<std::optional<RecordKey>> read_record_key(const std::filesystem::path& folder);
/// The key of the folder, made when there is none. Errors: as above; unavailable for the disk.
base::Result<RecordKey> take_record_key(const std::filesystem::path& folder, const RecordHead& now);

/// "12 hash", as record.head, the key file and `record key` write it. Nothing: it is no head.
std::string text_of(const RecordHead& head);
std::optional<RecordHead> head_from(std::string_view text);

}  // namespace broadcaster::journal
