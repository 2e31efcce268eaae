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
  }
  return "";
}

std::string signed_text(Role role, alert::Mode mode, const base::Digest& plan_digest) {
  std::string out = "broadcaster-approval-1\n";
  out += name(role);
  out += '\n';
  out += alert::name(mode);
  out += '\n';
  out += base::hex(plan_digest);
  return out;
}

}  // namespace broadcaster::approval
