// What must be known before the options are declared: help speaks the agency's language.
// Thread rule: plain function.
#pragma once

#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

/// --lang and --config, wherever they stand; nothing else is read, and nothing is refused.
Global first_look(int argc, char** argv);

}  // namespace broadcaster::cli
