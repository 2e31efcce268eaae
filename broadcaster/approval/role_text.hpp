// A role as people read it: the key of its word in the catalogue.
#pragma once

#include "broadcaster/approval/signature.hpp"

namespace broadcaster::approval {

inline const char* role_text(Role role) {
  switch (role) {
    case Role::author:
      return "approval.role_author";
    case Role::approver:
      return "approval.role_approver";
    case Role::canceller:
      return "approval.role_canceller";
    case Role::duty_officer:
      return "approval.role_duty_officer";
  }
  return "";
}

}  // namespace broadcaster::approval
