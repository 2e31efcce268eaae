// The record's chain, entry by entry: what the check of a state and the check of an export both stand on.
//
// Every entry's hash covers the hash before it, so one changed bit, an entry that is missing, put in or moved shows at
// the first entry that is not what the chain says. What it cannot show by itself: that entries at its end were cut off,
// and that somebody wrote the whole chain anew. Signed checkpoints (checkpoint.hpp) and heads kept elsewhere
// (verify.hpp) are for this. Thread rule: one thread at a time; no I/O.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "broadcaster/base/error.hpp"
#include "broadcaster/journal/checkpoint.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

/// What checkpoints vouch for, as far as the chain was read.
struct Vouched {
  std::int64_t through = 0;                             ///< the last entry that one covers; 0: none
  base::WallTime at;                                    ///< of that checkpoint
  base::PublicKey key{};                                ///< of that checkpoint
  std::map<base::PublicKey, std::int64_t> checkpoints;  ///< by whom, how many
};

class Chain {
 public:
  /// `signers`: those whose checkpoints count. Empty: whoever signed is told, and not judged.
  explicit Chain(std::vector<KnownSigner> signers = {}) : signers_(std::move(signers)) {}

  /// nullopt: the entry is what the chain says, and is its head now. Else the reason; the head stays where it was.
  std::optional<base::Text> add(const RecordEntry& entry);
  /// Nothing comes any more. nullopt: nothing is missing; else the reason, and head() is the last that is right.
  std::optional<base::Text> end() const;

  const RecordHead& head() const { return head_; }
  const Vouched& vouched() const { return vouched_; }

 private:
  std::optional<base::Text> vouch(const boost::json::object& entry, base::WallTime at);
  std::optional<base::Text> too_long_unsigned() const;

  std::vector<KnownSigner> signers_;
  RecordHead head_;
  Vouched vouched_;
  /// Where signing began, or the last checkpoint stands; nullopt: nobody is known to sign yet.
  std::optional<std::int64_t> signed_from_;
};

}  // namespace broadcaster::journal
