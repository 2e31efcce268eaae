#include "broadcaster/cli/login.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace broadcaster::cli {
namespace {

constexpr std::string_view no_audit_session = "4294967295";

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// proc(5): field 22, after the command's name in brackets, which may hold anything.
std::string start_of(pid_t process) {
  const auto line = first_line("/proc/" + std::to_string(process) + "/stat");
  const auto after_name = line.rfind(')');
  if (after_name == std::string::npos) return {};
  std::istringstream rest(line.substr(after_name + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) rest >> field;
  return rest ? field : std::string();
}

std::string leader() {
  const auto session = ::getsid(0);
  const auto start = session > 0 ? start_of(session) : std::string();
  return start.empty() ? std::string() : std::to_string(session) + " since " + start;
}

std::string terminal() {
  std::array<char, 128> name{};
  if (::ttyname_r(STDIN_FILENO, name.data(), name.size()) != 0) return {};
  const std::string path = name.data();
  return path.starts_with("/dev/") ? path.substr(5) : path;
}

std::string machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

approval::Login login_of(const LoginFacts& facts) {
  approval::Login out{
      .machine = facts.machine.empty() ? "?" : facts.machine, .session = {}, .terminal = facts.terminal};
  const auto boot = ", boot " + facts.boot.substr(0, 8);
  if (!facts.audit.empty() && facts.audit != no_audit_session)
    out.session = "audit " + facts.audit + boot;
  else if (!facts.logind.empty())
    out.session = "logind " + facts.logind + boot;
  else if (!facts.leader.empty())
    out.session = "leader " + facts.leader + boot;
  else
    out.session = "?";
  return out;
}

LoginFacts look_at_login() {
  const char* logind = std::getenv("XDG_SESSION_ID");
  return {.machine = machine(),
          .boot = first_line("/proc/sys/kernel/random/boot_id"),
          .audit = first_line("/proc/self/sessionid"),
          .logind = logind ? logind : "",
          .leader = leader(),
          .terminal = terminal()};
}

}  // namespace broadcaster::cli
