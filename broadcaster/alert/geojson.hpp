// What zones.geojson and shelters.geojson share. Thread rule: pure functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert {

/// RFC 7946 §3.1.1: longitude, latitude, and an altitude that is of no use here. A mistake is reported at `path`.
std::optional<Point> read_position(const boost::json::value& value, const std::string& path, const std::string& file,
                                   base::Errors& errors);

}  // namespace broadcaster::alert
