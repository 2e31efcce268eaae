// From which login this process was started, as far as the machine can tell (approval/same_login.hpp).
//
// The first of these that is known: the audit session of the kernel, which a process keeps for life; the session of
// systemd-logind (XDG_SESSION_ID); the session of the terminal (its leader and when that began). The first two count
// from each start of the machine anew, so its boot id stands beside them. Thread rule: any; reads /proc.
#pragma once

#include "broadcaster/approval/signature.hpp"

namespace broadcaster::cli {

/// What was found, before one is chosen.
struct LoginFacts {
  std::string machine;
  std::string boot;      ///< /proc/sys/kernel/random/boot_id
  std::string audit;     ///< /proc/self/sessionid; "4294967295": none
  std::string logind;    ///< $XDG_SESSION_ID
  std::string leader;    ///< "4711 since 83012": process and clock tick of its start
  std::string terminal;  ///< "pts/3"
};

approval::Login login_of(const LoginFacts& facts);
LoginFacts look_at_login();
inline approval::Login this_login() { return login_of(look_at_login()); }

}  // namespace broadcaster::cli
