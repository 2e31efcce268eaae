// One question to the broadcaster under test, over its socket, as any other command asks. It may be dead at that
// moment: that is part of the drill. Thread rule: blocking for a moment.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <filesystem>

#include "broadcaster/base/error.hpp"

namespace broadcaster::drill {

/// Errors: what it said; unavailable when nobody answers within `limit`.
base::Result<boost::json::object> ask_owner(const std::filesystem::path& state, boost::json::object request,
                                            std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace broadcaster::drill
