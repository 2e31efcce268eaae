// What an owner finds before it starts: may this state send, and what is there to go on with?
//
// Thread rule: plain; blocking; before the loop runs. recover() also later, on the store's thread.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "broadcaster/service/fence.hpp"
#include "broadcaster/service/owner.hpp"
#include "broadcaster/service/set_memory.hpp"
#include "broadcaster/service/standing.hpp"

namespace broadcaster::service {

/// An alert to go on with, and how far it was.
struct ToResume {
  journal::StoredAlert alert;
  journal::HowFar so_far;
};

/// What was found at a start: alerts to go on with, and those that cannot be read.
struct Found {
  std::vector<ToResume> resume;
  std::vector<std::pair<delivery::AlertId, base::Error>> unreadable;
};

/// Before anything else runs: what was in flight when the last owner ended becomes unknown. One alert that cannot be
/// read keeps no other back. Errors: only a journal that fails.
base::Result<Found> recover(journal::SqliteStore& store, const std::vector<delivery::AlertId>& ids, base::WallTime now);

/// The place where another machine would say that it has taken over; nullopt: none is configured, or nobody sends.
std::optional<Fence> fence_of(const OwnerOptions& options);

struct BeforeStart {
  Standing standing;
  /// For those who only look: why nothing will be sent from here, so that nothing is released either.
  std::optional<base::Error> silent;
  Found found;  ///< to send
  /// set_memory.hpp; of a live state.
  base::Result<AcceptedSet> signed_set = nullptr;
  /// What machines at the fence have accepted; nullopt: nothing, or it cannot be read.
  std::optional<SetMark> set_elsewhere = std::nullopt;
};

/// Also reads the configuration of a live owner that sends into `options`: by the signed set of the state, before
/// anything else is done by it. Errors: as Owner::start. A fence that cannot be read keeps nobody back; the owner says
/// so when it runs.
base::Checked<BeforeStart> look_before_start(journal::SqliteStore& store, OwnerOptions& options);

}  // namespace broadcaster::service
