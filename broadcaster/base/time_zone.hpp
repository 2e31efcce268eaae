// Names of time zones (IANA), as ICU knows them.
// Thread rule: any thread.
#pragma once

#include <string>

namespace broadcaster::base {

/// ICU takes an unknown name for GMT in silence, and people would read a wrong time.
bool known_time_zone(const std::string& name);

}  // namespace broadcaster::base
