// The agency of the kill test: the example's coast with few people and four sirens, so that a round takes seconds.
//
// The drill's own overlay is made from it, so everything behind it is as in a drill. Thread rule: blocking on files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/drill/scenario.hpp"
#include "tests/kill/judge.hpp"

namespace broadcaster::kill {

struct Town {
  std::filesystem::path config;
  drill::Scenario scenario;      ///< who writes and approves, and what the operator does with whose messages
  std::vector<Planned> planned;  ///< everybody whom an alert must reach, by the town's own lists
};

/// Writes the agency's files to `folder`; the coast, the people and the wording are those of `example` (config/).
/// Errors: unavailable (disk).
base::Result<Town> make_town(const std::filesystem::path& example, const std::filesystem::path& folder);

}  // namespace broadcaster::kill
