// What `import`, `export` and `check` share: a profile by its name, and findings as lines of the screen.
// Thread rule: the main thread.
#pragma once

#include <boost/json/array.hpp>
#include <optional>
#include <string>

#include "broadcaster/alert/cap/profile.hpp"
#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

/// Nothing for an empty name. Errors: usage, with the names that there are.
base::Result<std::optional<alert::cap::Profile>> profile_named(const std::string& name);

/// Findings of a profile: errors to standard error as such, warnings as notes. Gives the number of errors.
int show_findings(const Context& context, const std::string& file, const std::vector<alert::LintFinding>& findings);
boost::json::array findings_as_json(const Context& context, const std::vector<alert::LintFinding>& findings);

}  // namespace broadcaster::cli
