#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

int exit_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 1;
    case ErrorKind::usage:
      return 2;
    case ErrorKind::refused:
      return 4;
    case ErrorKind::unavailable:
      return 5;
    case ErrorKind::check_failed:
      return 6;
  }
  return 5;
}

}  // namespace broadcaster::base
