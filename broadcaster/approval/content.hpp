// What a release says, with its holes filled: the last look before anything may go out.
//
// A filling is a closed, bounded set: identifier and codes are short runs of plain characters that cost one unit each
// in every platform's measure, times are digits at fixed places. So no filled text is longer than what was measured and
// signed. Thread rule: plain functions.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "broadcaster/approval/release.hpp"

namespace broadcaster::approval {

struct ReleasedMessage {
  std::size_t index = 0;  ///< in plan.messages
  plan::EndpointName endpoint;
  alert::Language language;
  alert::ZoneId zone;
  std::string form;
  std::variant<std::string, plan::SirenProgram> body;
};

/// Every hole's value is present and inside its bound, and the time of issue is `now` (a minute either way) .
/// Errors: refused, naming what is missing or does not fit.
base::Result<void> check_filling(const plan::Plan& plan, const plan::Filling& filling, base::WallTime now);

/// All messages of a plan. Errors: refused when a filled text is longer than what was measured.
base::Result<std::vector<ReleasedMessage>> fill_content(const plan::Plan& plan, const plan::Filling& filling);

/// Of a release: it was checked when it was made.
template <alert::Mode M>
base::Result<std::vector<ReleasedMessage>> fill_content(const Release<M>& release) {
  return fill_content(release.plan(), release.filling());
}

}  // namespace broadcaster::approval
