// A plan as people read it before they sign: plain text, every message as a phone will show it.
// Thread rule: pure.
#pragma once

#include <string>

#include "broadcaster/plan/plan.hpp"

namespace broadcaster::plan {

struct PreviewOptions {
  std::string language = "en";  ///< of the catalogue
  int width = 100;              ///< columns; at least 40
};

/// Mode, whom it reaches and whom it does not, each message with its length and what was found in it, what is blocked
/// and warned of, how long it takes, where it goes, and the false alarm. Holes stand as ‹02.15›.
std::string preview(const Plan& plan, const PreviewOptions& options);

}  // namespace broadcaster::plan
