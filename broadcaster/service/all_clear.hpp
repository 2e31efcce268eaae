// What an all-clear ends: the alert with all its revisions as the journal has them, and the zones that hear their
// sirens. A person asks for it before writing one, and a release is judged by it again.
// Thread rule: the store's thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "broadcaster/approval/follow_up.hpp"
#include "broadcaster/journal/store.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::service {

struct Revision {
  plan::Plan plan;
  plan::Filling filling;
};

struct ToEnd {
  delivery::AlertId newest;
  std::vector<Revision> revisions;  ///< oldest first, at least one
  std::vector<alert::ZoneId> in_hearing;

  /// Zones that need an answer: those of every revision, then those in hearing of their sirens.
  std::vector<alert::ZoneId> zones() const;
};

/// Of any revision. Errors: refused for an alert that was taken back as a false alarm, or that is over: ended by an
/// all-clear that let everybody return. Zones that one made wait get another.
base::Result<ToEnd> to_end(journal::SqliteStore& store, delivery::AlertId any, const Config& config);

/// Errors: refused, with the name of what the all-clear leaves out.
base::Result<delivery::AlertId> ended_by(journal::SqliteStore& store, delivery::AlertId any,
                                         const plan::Plan& all_clear, const Config& config);

/// For the command: code, plan (of the newest), references [{sender, identifier, sent}], zones [id].
boost::json::object to_json(const ToEnd& ending);

}  // namespace broadcaster::service
