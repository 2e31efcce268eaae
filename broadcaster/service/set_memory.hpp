// The signed set that this state has accepted last, in its journal: what an old or foreign one is held against.
//
// Thread rule: the store's.
#pragma once

#include <memory>

#include "broadcaster/approval/set_standing.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::service {

/// nullptr: none was ever accepted here. Errors: unavailable; refused for what cannot be read (a newer program's).
base::Result<AcceptedSet> load_accepted_set(journal::SqliteStore& store);

/// On the record (kind "signed_set": number, date, digest, signers, how; same_login of those who signed from one login
/// session), and then in the journal. A crash in between
/// puts it on the record twice.
base::Result<void> accept_set(journal::SqliteStore& store, const approval::SignedSet& set,
                              approval::SetStanding::News how, base::WallTime now);

}  // namespace broadcaster::service
