#include "tests/cli/program.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "broadcaster/base/files.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::cli {
namespace {

std::string temporary_file() {
  char path[] = "/tmp/broadcaster-cli-XXXXXX";
  const int fd = ::mkstemp(path);
  if (fd < 0) throw std::runtime_error("no temporary file");
  ::close(fd);
  return path;
}

std::string take(const std::string& path) {
  const auto text = base::read_file(path);
  std::filesystem::remove(path);
  return text.value_or("");
}

int status_of(int raw) { return WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw); }

[[noreturn]] void become(const Call& call, int in, int out, int err) {
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::setsid();  // no terminal: a passphrase can be asked nowhere
  exec_program(call);
}

}  // namespace

void exec_program(const Call& call) {
  if (!call.folder.empty() && ::chdir(call.folder.c_str()) != 0) ::_exit(126);
  if (call.file_limit > 0) {
    const struct rlimit limit{static_cast<rlim_t>(call.file_limit), static_cast<rlim_t>(call.file_limit)};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, SIG_IGN);
  }
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8"};
  for (const auto& [name, value] : call.environment) environment.push_back(name + "=" + value);
  std::vector<char*> variables, arguments;
  for (auto& one : environment) variables.push_back(one.data());
  variables.push_back(nullptr);
  static const std::string program = places::built("bin/broadcaster");
  arguments.push_back(const_cast<char*>(program.c_str()));
  for (const auto& one : call.arguments) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  ::execve(program.c_str(), arguments.data(), variables.data());
  ::_exit(127);
}

Ended run(const Call& call) {
  const auto in = temporary_file(), out = temporary_file(), err = temporary_file();
  if (!base::write_file(in, call.input)) throw std::runtime_error("cannot write the input");
  const pid_t pid = ::fork();
  if (pid == 0)
    become(call, ::open(in.c_str(), O_RDONLY), ::open(out.c_str(), O_WRONLY), ::open(err.c_str(), O_WRONLY));
  int raw = 0;
  ::waitpid(pid, &raw, 0);
  std::filesystem::remove(in);
  return {status_of(raw), take(out), take(err)};
}

Running::Running(const Call& call) : err_path_(temporary_file()) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) become(call, ::open("/dev/null", O_RDONLY), ends[1], ::open(err_path_.c_str(), O_WRONLY));
  ::close(ends[1]);
  out_fd_ = ends[0];
}

Running::~Running() {
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    end();
  }
}

bool Running::wait_for(const std::string& text) {
  char buffer[4096];
  while (out_.find(text) == std::string::npos) {
    const auto n = ::read(out_fd_, buffer, sizeof buffer);
    if (n <= 0) return false;
    out_.append(buffer, static_cast<std::size_t>(n));
  }
  return true;
}

void Running::signal(int number) { ::kill(pid_, number); }

Ended Running::end() {
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(out_fd_, buffer, sizeof buffer)) > 0;)
    out_.append(buffer, static_cast<std::size_t>(n));
  int raw = 0;
  ::waitpid(pid_, &raw, 0);
  ::close(out_fd_);
  ended_ = true;
  return {status_of(raw), out_, take(err_path_)};
}

namespace {

/// One request on a connection of its own; everything that comes back.
std::string answer_to(int port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(fd, reinterpret_cast<struct sockaddr*>(&address), sizeof address) == 0 &&
      ::write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
    char part[4096];
    for (ssize_t n = 0; (n = ::read(fd, part, sizeof part)) > 0;) answer.append(part, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return answer;
}

}  // namespace

int post(int port, const std::string& path, const std::string& body) {
  const auto answer =
      answer_to(port, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                          std::to_string(body.size()) + "\r\n\r\n" + body);
  return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
}

std::string get(int port, const std::string& path) {
  const auto answer = answer_to(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto head = answer.find("\r\n\r\n");
  return head == std::string::npos ? std::string() : answer.substr(head + 4);
}

}  // namespace broadcaster::cli
