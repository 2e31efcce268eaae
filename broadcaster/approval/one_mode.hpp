// One mode, shown in everything: status and mode of a plan, and of the false-alarm plan inside it, fit together. The
// same question for a plan and for a prepared alert, so it is asked in one place. Thread rule: plain functions.
#pragma once

#include <vector>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::approval {

/// Empty: they fit, and the status may be sent to somebody.
std::vector<base::Text> mode_faults(const plan::Plan& plan);

}  // namespace broadcaster::approval
