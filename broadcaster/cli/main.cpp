// broadcaster: the command line.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/cli/app.hpp"

int main(int argc, char** argv) {
  // Keys and passphrases are in memory: no core file, and nobody of the same user reads along.
  const struct rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
  broadcaster::base::init_crypto();
  return broadcaster::cli::run(argc, argv);
}
