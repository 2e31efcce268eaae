// Who is called in a drill where nobody answers: a duty.yaml of invented numbers and the drill's own gateway, and the
// policy that it works by. What the agency does not offer is not drilled. Thread rule: pure.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/drill/scenario.hpp"
#include "broadcaster/service/config.hpp"

namespace broadcaster::drill {

struct DutyFiles {
  std::string duty;                  ///< duty.yaml: drill ways alone
  std::string policy;                ///< policy.yaml: the agency's own limit of zones, and the scenario's shorter wait
  std::vector<std::string> numbers;  ///< of everybody who may be called
};

/// Errors: bad_input, where policy.yaml offers no break-glass, or there is no SMS gateway of the drill.
base::Result<DutyFiles> make_duty(const service::Config& config, const ScriptedAlone& alone);

}  // namespace broadcaster::drill
