// The real program as a child process: what a shell would see of it.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace broadcaster::cli {

struct Call {
  std::vector<std::string> arguments;
  std::string input{};
  std::map<std::string, std::string> environment{};  ///< beside PATH, HOME and LC_ALL
  std::string folder{};                              ///< where it stands; empty: here
  long file_limit = 0;                               ///< RLIMIT_FSIZE in bytes; 0: none
};

struct Ended {
  int status = -1;  ///< 128 + signal when it was killed
  std::string out, err;
};

/// What a child that was forked for it becomes; its input, output and terminal are as they are.
[[noreturn]] void exec_program(const Call& call);

/// Runs it to its end.
Ended run(const Call& call);

/// A program that goes on until it is told to end.
class Running {
 public:
  explicit Running(const Call& call);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// Reads standard output until `text` was seen; false when the program ended first.
  bool wait_for(const std::string& text);
  void signal(int number);
  /// To its end; everything that it has said.
  Ended end();
  const std::string& out() const { return out_; }

 private:
  pid_t pid_ = -1;
  int out_fd_ = -1;
  std::string out_, err_path_;
  bool ended_ = false;
};

/// One HTTP POST on loopback; the answer's status.
int post(int port, const std::string& path, const std::string& body);
/// One HTTP GET on loopback; the answer's body.
std::string get(int port, const std::string& path);

}  // namespace broadcaster::cli
