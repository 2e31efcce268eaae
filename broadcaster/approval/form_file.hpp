// The file of a prepared alert: the form and the signatures over it, on one line of JSON.
//
//   {"format":2,"form":{…the canonical form…},"signatures":[{…}]}
//
// As a plan file (plan_file.hpp) in everything else. Thread rule: plain functions; files block.
#pragma once

#include <filesystem>
#include <functional>

#include "broadcaster/approval/prepared.hpp"

namespace broadcaster::approval {

/// Whether this text is a prepared alert's, signed or not; what is wrong with it parse_form_file() says.
bool is_form_file(const std::string& text);

/// Errors: as parse_plan_file().
base::Result<SignedForm> parse_form_file(const std::string& text, const std::string& file);
base::Result<SignedForm> read_form_file(const std::filesystem::path& path);
base::Result<void> write_form_file(const std::filesystem::path& path, const SignedForm& signed_form);
/// As change_plan_file().
base::Result<SignedForm> change_form_file(const std::filesystem::path& path,
                                          const std::function<base::Result<void>(SignedForm&)>& change);
std::string form_file_text(const SignedForm& signed_form);

}  // namespace broadcaster::approval
