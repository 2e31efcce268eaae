// What plan files and prepared alerts' files have in common: canonical JSON under one key, and the signatures over it.
//
//   {"format":2,"<key>":{…},"signatures":[{…}]}      Thread rule: plain functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

struct SignedText {
  std::string canonical;  ///< the bytes that are signed
  std::vector<Signature> signatures;
};

/// Errors: bad_input with the path of the value; refused for a format that this program does not read.
base::Result<SignedText> parse_signed_file(const std::string& text, const std::string& file, std::string_view key);
std::string signed_file_text(std::string_view key, const std::string& canonical,
                             const std::vector<Signature>& signatures);

}  // namespace broadcaster::approval
