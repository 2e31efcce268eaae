// broadcaster check ALERT: one alert file, as the plan would make it, with a profile of another system on request.
// Thread rule: the main thread; blocking.
#pragma once

#include <string>

#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

/// `profile` as people type it; empty: none. Gives the exit status.
int check_alert(const Context& context, const std::string& file, const std::string& profile);

}  // namespace broadcaster::cli
