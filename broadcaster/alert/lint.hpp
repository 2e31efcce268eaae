// Faults of the alert itself: an error refuses everything, a warning is shown and signed.
//
// What one rendered message says is linted in plan/. CAP's own rules are cap_rules.hpp and are errors of reading.
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broadcaster/alert/zones.hpp"

namespace broadcaster::alert {

enum class LintSeverity { error, warning };

struct LintFinding {
  std::string rule;  ///< "no_area"; the text is "alert.lint_no_area"
  LintSeverity severity = LintSeverity::error;
  base::Text text;
  std::string element;  ///< CAP path, as "info[0].onset"; empty: the whole alert
  bool operator==(const LintFinding&) const = default;
};

/// Errors first.
std::vector<LintFinding> lint_alert(const Alert& alert, const Zones& zones, base::WallTime now);

/// Zones that the alert's hazard can reach, or that the areas of its infos touch (touched.hpp), and that it does not
/// name, in the order of the map.
std::vector<ZoneId> reachable_but_not_alerted(const Alert& alert, const Zones& zones);

}  // namespace broadcaster::alert
