#include "tests/bench/process.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace broadcaster::bench {

Process::Process(std::vector<std::string> argv) {
  std::vector<char*> arguments;
  for (auto& each : argv) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  if (::posix_spawnp(&pid_, argv.front().c_str(), nullptr, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error("cannot start " + argv.front());
}

Process::~Process() { kill(); }

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

void Process::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(std::exchange(pid_, -1), nullptr, 0);
}

void Process::check() const {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid_)
    throw std::runtime_error("a process that was measured has ended by itself");
}

double Process::peak_memory() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  throw std::runtime_error("the kernel does not say what a process uses");
}

double Process::cpu_seconds() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  // Behind the name, which stands in parentheses: the 12th and 13th field are utime and stime (proc(5)).
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) throw std::runtime_error("the kernel does not say what a process uses");
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Process start_owner(const std::filesystem::path& state, const std::string& url) {
  return Process({std::filesystem::read_symlink("/proc/self/exe").string(), "--own", state.string(), url});
}

}  // namespace broadcaster::bench
