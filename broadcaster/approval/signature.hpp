// A signature over a plan: Ed25519 with domain separation.
//
//   "broadcaster-approval-2\n" role "\n" mode "\n" time "\n" hex-digest-of-the-canonical-plan
//
// so that a signature given as author, for a drill, for another purpose or at another time is worth nothing elsewhere.
// The time is UTC in milliseconds, as the files write it: whether an approval is fresh is counted from it.
#pragma once

#include <string>
#include <string_view>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::approval {

/// duty_officer: may break the glass (break_glass.hpp), and nothing else.
enum class Role { author, approver, canceller, duty_officer };
std::string_view name(Role role);

struct Signature {
  std::string person;  ///< id in people.yaml
  std::string key_id;  ///< first 16 hex digits of SHA-256 of the public key
  Role role = Role::approver;
  base::WallTime at;      ///< as the signer's machine had it; part of what is signed
  base::Bytes signature;  ///< 64 bytes
  bool operator==(const Signature&) const = default;
};

/// The exact bytes that are signed.
std::string signed_text(Role role, alert::Mode mode, base::WallTime at, const base::Digest& plan_digest);

}  // namespace broadcaster::approval
