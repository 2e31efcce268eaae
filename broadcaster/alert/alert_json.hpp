// An alert inside canonical JSON: lossless, members named as CAP names elements, whole numbers and texts only.
//
// Latitudes and other decimals are texts; times are base::format_utc; what is empty is left out. Thread rule: pure.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert {

boost::json::value to_json(const Alert& alert);

/// Errors: bad_input with `file` and the path of the value. Types are checked; CAP's rules are cap_faults' affair,
/// since an alert that was fine when it was planned may have expired since.
base::Result<Alert> alert_from_json(const boost::json::value& value, const std::string& file);

}  // namespace broadcaster::alert
