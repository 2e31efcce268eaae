// A signed checkpoint: an entry of the record that says, under the key of the state, what the record was up to there.
//
//   kind "checkpoint": {"head": hash of the entry before, "key": public key, "signature", "through": its number}; hex
// Signed are the bytes  "broadcaster-checkpoint-1\n" at "\n" through "\n" head "\n"  (Ed25519, RFC 8032), `at` as in
// the entry. One is written whenever the store has nothing to do (so at the end of every alert, and of the process),
// and at the latest after checkpoint_every entries.
//
// What it is worth depends on who holds what. The key lies in <state>/record.key (0600).
//   - Who can write journal.db and not read the key (a restored or exchanged file, a mistake, another program) can put
//     nothing before the last checkpoint. They can cut the record back to one of its checkpoints, and write at most
//     most_unsigned entries behind it that nobody has signed yet: the next start then says how many there were
//     ("unsigned" in owner_started), and the head and key that others kept do not fit.
//   - Who has the whole disk (root, a stolen machine) has the key, and can write any record anew. Only what somebody
//     else holds shows that: a printed key and head (`record key`), a report, an export.
// So a checkpoint proves to others that the holder of this key vouched for everything before it; when, only by where it
// was kept. Thread rule: pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "broadcaster/base/signing_key.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::journal {

struct RecordHead {
  std::int64_t seq = 0;
  base::Digest hash{};
  bool operator==(const RecordHead&) const = default;
};

inline constexpr std::int64_t checkpoint_every = 1'000;
/// More than that between two checkpoints, or behind the last one, is no work of ours: a store that was never idle
/// checks after each work, and a work is few entries.
inline constexpr std::int64_t most_unsigned = 5 * checkpoint_every;

/// The body of the entry that vouches for everything up to `head`.
boost::json::object checkpoint_body(const base::SigningKey& key, const RecordHead& head, base::WallTime at);

/// Who signed it; nullopt: it is none, its signature is not the key's, or it vouches for another head.
std::optional<base::PublicKey> signer_of(const boost::json::object& entry, const RecordHead& before);

/// What is known from outside of who signs a record.
struct KnownSigner {
  base::PublicKey key{};
  /// The last entry of the record when the key was made; from there on it signs. nullopt: not known.
  std::optional<RecordHead> since;
};

}  // namespace broadcaster::journal
