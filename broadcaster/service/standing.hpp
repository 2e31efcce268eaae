// May this state send? A restored one not before it has been taken over; one that was taken over elsewhere not before
// it has been taken back, in the same way.
//
// The epoch counts the machines that have owned the state, one after the other: each take-over is one more. It stands
// in the journal (the sirens' counters build on it: channels/siren/controller/counter.hpp) and at the fence
// (fence.hpp). Thread rule: the store's.
#pragma once

#include <cstdint>
#include <string>

#include "broadcaster/journal/store.hpp"

namespace broadcaster::service {

struct Standing {
  std::int64_t epoch = 0;
  std::string restored;  ///< when the copy was made that this state is of; empty: it is none, or was taken over
  std::string fenced;    ///< by whom it was taken over; empty: by nobody
  std::string claim;     ///< of a take-over that was begun here
};

/// Errors: unavailable.
base::Result<Standing> read_standing(journal::SqliteStore& store);
/// Errors: refused, with what is to be done.
base::Result<void> may_send(const Standing& standing);

/// Before a copy: from now on another machine may take this state over.
base::Result<void> mark_copied(journal::SqliteStore& store, base::WallTime now);
base::Result<void> mark_restored(journal::SqliteStore& store, base::WallTime copied_at, base::WallTime now);
/// Another machine has taken it over: nothing is sent from here any more.
base::Result<void> mark_fenced(journal::SqliteStore& store, const std::string& by, std::int64_t epoch,
                               base::WallTime now);
/// A take-over begins; should it break off, it is known again at the fence.
base::Result<void> mark_claim(journal::SqliteStore& store, const std::string& claim);
/// `how`: how the old machine was made sure of, for the record.
base::Result<void> mark_taken_over(journal::SqliteStore& store, std::int64_t epoch, const std::string& how,
                                   const std::string& by, base::WallTime now);

}  // namespace broadcaster::service
