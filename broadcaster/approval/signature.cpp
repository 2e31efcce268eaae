#include "broadcaster/approval/signature.hpp"

namespace broadcaster::approval {

std::string_view name(Role role) {
  switch (role) {
    case Role::author:
      return "author";
    case Role::approver:
      return "approver";
    case Role::canceller:
      return "canceller";
    case Role::duty_officer:
      return "duty_officer";
  }
  return "";
}

bool is_same(const Signature& one, const Signature& other) { return one.signature == other.signature; }

std::string signed_text(Role role, alert::Mode mode, base::WallTime at, const base::Digest& plan_digest) {
  std::string out = "broadcaster-approval-2\n";
  out += name(role);
  out += '\n';
  out += alert::name(mode);
  out += '\n';
  out += base::format_utc(at);
  out += '\n';
  out += base::hex(plan_digest);
  return out;
}

std::string signed_set_text(base::WallTime at, const base::Digest& set_digest) {
  return "broadcaster-policy-1\n" + base::format_utc(at) + '\n' + base::hex(set_digest);
}

}  // namespace broadcaster::approval
