// Times as an officer types them at night, read by the agency's clock. Pure.
#pragma once

#include <optional>
#include <string>

#include "broadcaster/base/time.hpp"

namespace broadcaster::cli {

/// "02:35" or "02.35": the next time that a clock in `time_zone` (IANA) shows this; "25", "25 menit", "25 minutes":
/// minutes from now; "1 jam", "2 hours", "3h", "90m": a while from now. Nothing for anything else, and for what is more
/// than two days away.
std::optional<base::WallTime> read_moment(const std::string& text, base::WallTime now, const std::string& time_zone);

}  // namespace broadcaster::cli
