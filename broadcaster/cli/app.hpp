// The command line as people type it: every option, its help in the agency's language, and which command it calls.
// Thread rule: the main thread.
#pragma once

namespace broadcaster::cli {

/// Exit status as in exit.hpp; CLI11's own mistakes are 2.
int run(int argc, char** argv);

}  // namespace broadcaster::cli
