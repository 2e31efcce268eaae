// A signature over a plan: Ed25519 with domain separation.
//
//   "broadcaster-approval-2\n" role "\n" mode "\n" time "\n" hex-digest-of-the-canonical-plan
//
// so that a signature given as author, for a drill, for another purpose or at another time is worth nothing elsewhere.
// The time is UTC in milliseconds, as the files write it: whether an approval is fresh is counted from it.
// Over the agency's keys and rules (signed_set.hpp) it is another text, so that neither is ever the other:
//
//   "broadcaster-policy-1\n" time "\n" hex-digest-of-the-set
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::approval {

/// duty_officer: may break the glass (break_glass.hpp), and nothing else.
enum class Role { author, approver, canceller, duty_officer };
std::string_view name(Role role);

/// From which login it was signed, as the signer's program found it: "eoc-1", "audit 12, boot 1a2b", "pts/3".
struct Login {
  std::string machine;
  std::string session;   ///< one word for one login, as far as this machine can tell them apart
  std::string terminal;  ///< empty: none
  bool operator==(const Login&) const = default;
};

struct Signature {
  std::string person;  ///< id in people.yaml
  std::string key_id;  ///< first 16 hex digits of SHA-256 of the public key
  Role role = Role::approver;
  base::WallTime at;      ///< as the signer's machine had it; part of what is signed
  base::Bytes signature;  ///< 64 bytes
  /// Not signed, and weighed by nothing: a mark for those who look (same_login.hpp), which an editor can take away.
  std::optional<Login> login = std::nullopt;
  bool operator==(const Signature&) const = default;
};

/// The same hand in the same moment over the same thing: what is not signed decides nothing.
bool is_same(const Signature& one, const Signature& other);

/// The exact bytes that are signed.
std::string signed_text(Role role, alert::Mode mode, base::WallTime at, const base::Digest& plan_digest);
std::string signed_set_text(base::WallTime at, const base::Digest& set_digest);

}  // namespace broadcaster::approval
