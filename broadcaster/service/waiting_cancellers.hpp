// Who has spoken against an alert and waits for a second canceller (R38): kept in the state, so that the second signs
// wherever they are, with the same command. Kept signatures are judged again like any other: who may cancel today, over
// this plan, and not older than its release_within. Thread rule: the store's thread.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

/// `plan_digest`: of the whole released plan, hex. Errors: those of the store.
base::Result<std::vector<approval::Signature>> waiting_cancellers(journal::SqliteStore& store,
                                                                  const std::string& plan_digest);
base::Result<void> keep_waiting(journal::SqliteStore& store, const std::string& plan_digest,
                                const std::vector<approval::Signature>& cancellers);

}  // namespace broadcaster::service
