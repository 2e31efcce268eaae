// Several persons who signed from one login session: it may be one man with two keys (R50). Marked, never refused: a
// small centre may have one machine and one login. Pure. Thread rule: plain functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broadcaster/approval/signature.hpp"
#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

struct SameLogin {
  Login login;
  std::vector<std::string> persons;  ///< two or more, each once, in the order of their signatures
};

/// One of each login that more than one person has signed from. What a signature does not say marks nothing.
std::vector<SameLogin> same_logins(std::span<const Signature> signatures);

/// "bayu and ratna signed from one login session …"
base::Text text_of(const SameLogin& same);

}  // namespace broadcaster::approval
