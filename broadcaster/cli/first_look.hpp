// --lang and --config, before the options are declared: help speaks the agency's language. Thread rule: pure.
#pragma once

#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

/// Everything else is left empty.
Global first_look(int argc, char** argv);

}  // namespace broadcaster::cli
