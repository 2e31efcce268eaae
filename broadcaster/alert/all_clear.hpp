// An all-clear: "it is over". An Update (CAP 1.2) of every revision of an alert, with a named confirmation and, zone by
// zone, whether its people may return or not yet (R37). Whatever says that people may return must be one: an AllClear
// without a confirmation is refused, wherever it comes from, so that no feed and no slip of a pen ends an alert.
//
// A false alarm is none: it says that there never was a danger, and is a Cancel. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::alert {

/// How much of a confirmation a text can hold; the long version belongs into the log of the day.
constexpr std::size_t longest_confirmation = 120;

/// It says of itself that it is one: a confirmation, or an answer for a zone.
bool is_all_clear(const Alert& alert);

/// Some zone is told to wait.
bool has_waiting_zones(const Alert& alert);

struct AllClearFault {
  std::string rule;     ///< "all_clear_confirmation"; the text is "alert.lint_all_clear_confirmation"
  std::string element;  ///< CAP path
  base::Text text;
};

/// What an all-clear lacks; of another alert, what it must not say.
std::vector<AllClearFault> all_clear_faults(const Alert& alert);

}  // namespace broadcaster::alert
