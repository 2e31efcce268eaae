// Who has spoken against an alert and waits for a second canceller (R38): kept in the state, so that the second signs
// wherever they are, with the same command. Kept signatures are judged again like any other: who may cancel today, over
// this plan, and not older than its release_within. `status` shows them, and anybody may take them away: not to say "no
// danger" needs no authority. Thread rule: the store's thread; waiting_json() any.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

/// `plan_digest`: of the whole released plan, hex. Errors: those of the store.
base::Result<std::vector<approval::Signature>> waiting_cancellers(journal::SqliteStore& store,
                                                                  const std::string& plan_digest);
/// Beside those that wait already; who signs again replaces what they signed before. All that wait now.
base::Result<std::vector<approval::Signature>> keep_waiting(journal::SqliteStore& store, const std::string& plan_digest,
                                                            const std::vector<approval::Signature>& cancellers);
base::Result<void> forget_waiting(journal::SqliteStore& store, const std::string& plan_digest);

/// [{"person", "until"}]: those that still count.
boost::json::array waiting_json(const std::vector<approval::Signature>& waiting, base::milliseconds within,
                                base::WallTime now);

}  // namespace broadcaster::service
