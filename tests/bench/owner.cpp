#include "broadcaster/service/owner.hpp"

#include <signal.h>
#include <sys/prctl.h>

#include "tests/bench/measures.hpp"
#include "tests/bench/town.hpp"

namespace broadcaster::bench {

int own(const std::filesystem::path& state, const std::string& url) {
  // It must not outlive whoever measures it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto owner = service::Owner::start({.state = {state},
                                      .config = config(state, url),
                                      .reads = service::OwnerOptions::Reads::given,
                                      .mode = alert::Mode::live,
                                      .work = service::Work::send,
                                      .signals = service::OwnerOptions::Signals::take});
  must(std::move(owner))->run();
  return 0;
}

}  // namespace broadcaster::bench
