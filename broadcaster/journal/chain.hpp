// The record's chain, entry by entry: what the check of a state and the check of an export both stand on.
//
// Every entry's hash covers the hash before it, so one changed bit, an entry that is missing, put in or moved shows at
// the first entry that is not what the chain says. What it cannot show by itself: that entries at its end were cut off,
// and that somebody wrote the whole chain anew. Heads kept elsewhere show both (verify.hpp).
// Thread rule: one thread at a time; no I/O.
#pragma once

#include <optional>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::journal {

struct RecordHead {
  std::int64_t seq = 0;
  base::Digest hash{};
  bool operator==(const RecordHead&) const = default;
};

class Chain {
 public:
  /// nullopt: the entry is what the chain says, and is its head now. Else the reason; the head stays where it was.
  std::optional<base::Text> add(const RecordEntry& entry);
  const RecordHead& head() const { return head_; }

 private:
  RecordHead head_;
};

}  // namespace broadcaster::journal
