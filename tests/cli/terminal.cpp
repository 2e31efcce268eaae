#include "tests/cli/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace broadcaster::cli {
using std::chrono::steady_clock;

Terminal::Terminal(const Call& call) {
  struct winsize size{};
  size.ws_row = 50;
  size.ws_col = 100;
  pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::runtime_error("no terminal");
  if (pid_ == 0) exec_program(call);
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(fd_);
}

bool Terminal::read_more(steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
  struct pollfd wanted{fd_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) return false;
  char buffer[4096];
  const auto n = ::read(fd_, buffer, sizeof buffer);  // EIO: the program has left the terminal
  if (n <= 0) return false;
  screen_.append(buffer, static_cast<std::size_t>(n));
  return true;
}

bool Terminal::wait_for(const std::string& text) {
  const auto until = steady_clock::now() + std::chrono::seconds(30);
  std::size_t at;
  while ((at = screen_.find(text, seen_)) == std::string::npos)
    if (!read_more(until)) return false;
  seen_ = at + text.size();
  return true;
}

void Terminal::type(const std::string& keys) {
  const auto line = keys + "\n";
  keys_ += static_cast<int>(line.size());
  if (::write(fd_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    throw std::runtime_error("nobody reads the keys");
}

int Terminal::end() {
  const auto until = steady_clock::now() + std::chrono::seconds(60);
  while (read_more(until)) {
  }
  int raw = 0;
  ::waitpid(pid_, &raw, 0);
  pid_ = -1;
  return WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
}

}  // namespace broadcaster::cli
