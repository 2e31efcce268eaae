// Nobody answers: the approvers are called over a real gateway, and one of them releases alone (R39).
// Thread rule: the stage's thread.
#pragma once

#include <boost/json/object.hpp>

#include "broadcaster/drill/play.hpp"

namespace broadcaster::drill {

/// Calls everybody, tries it before the wait is over (which must be refused), and releases after it. What comes back
/// names the alert: {"alert", "code"}.
base::Result<boost::json::object> release_alone(Play& play);

}  // namespace broadcaster::drill
