// What a command tells the shell. The numbers are promised in README ("Exit status"); errors map to them by their kind
// (base::exit_status). Thread rule: constants.
#pragma once

namespace broadcaster::cli {

enum Exit : int {
  done = 0,
  bad_input = 1,
  wrong_usage = 2,
  not_all_delivered = 3,
  refused = 4,
  could_not_run = 5,
  check_failed = 6,
  interrupted = 130,  // 128 + SIGINT, as shells count
};

}  // namespace broadcaster::cli
