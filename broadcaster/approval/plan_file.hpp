// The plan file: the plan and the signatures over it, on one line of JSON.
//
//   {"format":2,"plan":{…the canonical plan…},"signatures":[{…}]}
//
// What is signed is the canonical form of `plan`, so white space that an editor adds does no harm; any other change
// makes every signature unfit (judge.hpp says which). Thread rule: plain functions; files block.
#pragma once

#include <filesystem>
#include <functional>

#include "broadcaster/approval/release.hpp"

namespace broadcaster::approval {

/// A plan that nobody has signed yet.
SignedPlan unsigned_plan(plan::Plan plan);
/// SHA-256 of the canonical bytes: what a signature is over.
base::Digest digest(const SignedPlan& signed_plan);

/// Errors: bad_input with the path of the value; refused for a format that this program does not read: a newer one, or
/// format 1, whose signatures say nothing about when they were given.
base::Result<SignedPlan> read_plan_file(const std::filesystem::path& path);
base::Result<SignedPlan> parse_plan_file(const std::string& text, const std::string& file);
/// The old file or the new one, never half. Errors: unavailable.
base::Result<void> write_plan_file(const std::filesystem::path& path, const SignedPlan& signed_plan);
/// Reads the file anew, lets `change` work on it and writes it, all under a lock: of two people who sign at the same
/// moment neither loses a signature. Errors: as reading and writing, and those of `change`, after which nothing is
/// written.
base::Result<SignedPlan> change_plan_file(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(SignedPlan&)>& change);
std::string plan_file_text(const SignedPlan& signed_plan);

}  // namespace broadcaster::approval
