// Free TCP ports on loopback, for peers that must be told one before they start. Thread rule: any thread.
#pragma once

#include "broadcaster/base/error.hpp"

namespace broadcaster::net {

/// A port that nobody had on 127.0.0.1 a moment ago; somebody else may take it before it is used.
/// Errors: unavailable (net.no_port).
base::Result<unsigned short> free_port();

}  // namespace broadcaster::net
