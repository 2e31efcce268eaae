#include "broadcaster/net/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgets to say so
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "broadcaster/net/context.hpp"

namespace broadcaster::net {
namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;
using boost::system::error_code;

constexpr std::size_t max_output_line = 1 << 20;  // longer ones come in pieces

base::Error cannot_start(const std::string& program, int reason) {
  return {base::ErrorKind::unavailable,
          {"net.cannot_start", {{"program", program}, {"reason", std::string(std::strerror(reason))}}},
          {},
          {}};
}

/// "NAME=value" lines: ours, with the added ones in place of those of the same name.
std::vector<std::string> merged_environment(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> lines;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string line(*entry);
    const auto replaced = [&](const auto& pair) { return line.starts_with(pair.first + "="); };
    if (std::none_of(added.begin(), added.end(), replaced)) lines.push_back(line);
  }
  for (const auto& [name, value] : added) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// The two C structures of posix_spawn, freed on every way out.
struct Spawn {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  Spawn() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~Spawn() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

/// Returns an errno value. `input_fd` becomes stdin (negative: nothing to read), `output_fd` stdout and stderr.
int spawn(ChildOptions& options, int input_fd, int output_fd, pid_t& pid) {
  Spawn s;
  if (input_fd < 0)
    posix_spawn_file_actions_addopen(&s.files, 0, "/dev/null", O_RDONLY, 0);
  else
    posix_spawn_file_actions_adddup2(&s.files, input_fd, 0);
  posix_spawn_file_actions_adddup2(&s.files, output_fd, 1);
  posix_spawn_file_actions_adddup2(&s.files, output_fd, 2);
  posix_spawn_file_actions_addclosefrom_np(&s.files, 3);
  if (!options.folder.empty()) posix_spawn_file_actions_addchdir_np(&s.files, options.folder.c_str());
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&s.attributes, &none);
  posix_spawnattr_setsigdefault(&s.attributes, &all);  // SIGPIPE too, which we ignore
  posix_spawnattr_setpgroup(&s.attributes, 0);
  posix_spawnattr_setflags(&s.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  auto environment = merged_environment(options.environment);
  return posix_spawnp(&pid, options.argv[0].c_str(), &s.files, &s.attributes, pointers(options.argv).data(),
                      pointers(environment).data());
}

/// Both ends of a pipe, closed on every way out.
class Pipe {
 public:
  Pipe() = default;
  Pipe(Pipe&& other) noexcept : ends_(std::exchange(other.ends_, {-1, -1})) {}
  Pipe& operator=(Pipe&& other) noexcept {
    std::swap(ends_, other.ends_);
    return *this;
  }
  ~Pipe() {
    for (const int fd : ends_)
      if (fd >= 0) ::close(fd);
  }
  bool open() { return ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read_end() { ::close(std::exchange(ends_[0], -1)); }

 private:
  std::array<int, 2> ends_{-1, -1};
};

class ChildProcess final : public Child, public std::enable_shared_from_this<ChildProcess> {
 public:
  ChildProcess(Loop& loop, ChildOptions&& options, pid_t pid, int pidfd, Pipe input)
      : loop_(loop), options_(std::move(options)), pid_(pid), ended_(context(loop), pidfd), input_(std::move(input)) {}

  pid_t pid() const override { return pid_; }
  bool running() const override { return running_; }

  void terminate(milliseconds grace) override {
    if (!running_) return;
    ::kill(-pid_, SIGTERM);
    if (killer_) loop_.cancel(*killer_);
    killer_ = loop_.after(grace, [this] {
      killer_.reset();
      if (running_) ::kill(-pid_, SIGKILL);
    });
  }

  bool give(std::string_view input) override {
    const auto pipe = std::exchange(input_, {});
    return pipe.write_end() >= 0 && ::write(pipe.write_end(), input.data(), input.size()) == std::ssize(input);
  }

  void signal(int number) override {
    if (running_) ::kill(pid_, number);
  }

  void watch(int output_fd) {
    ended_.async_wait(Descriptor::wait_read, [this, weak = weak_from_this()](error_code error) {
      if (const auto self = weak.lock(); self && !error) on_ended();
    });
    if (output_fd < 0) return;
    output_.emplace(context(loop_), output_fd);
    output_->non_blocking(true);
    read_more();
  }

  /// The owner is gone: nothing is called any more.
  void abandon() {
    abandoned_ = true;  // not cleared: one of them may be running
    if (killer_) loop_.cancel(*killer_);
    if (running_) {
      ::kill(-pid_, SIGKILL);
      reap();
    }
    error_code ignored;
    ended_.close(ignored);
    if (output_) output_->close(ignored);
  }

 private:
  void read_more() {
    output_->async_wait(Descriptor::wait_read, [this, weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!self || error) return;
      Turn turn(loop_);
      if (drain() && output_) read_more();
    });
  }

  /// Takes what lies in the pipe; false at its end. A handler may destroy our owner meanwhile.
  bool drain() {
    char buffer[65536];
    for (;;) {
      error_code error;
      const auto n = output_->read_some(asio::buffer(buffer), error);
      if (error == asio::error::would_block) return true;
      if (error) return false;
      partial_.append(buffer, n);
      say_lines();
      if (!output_->is_open()) return false;
    }
  }

  void say_lines() {
    for (std::size_t end; (end = partial_.find('\n')) != std::string::npos || partial_.size() > max_output_line;) {
      const auto length = std::min(end, max_output_line);
      std::string line = partial_.substr(0, length);
      partial_.erase(0, length + (end == length ? 1 : 0));
      if (!abandoned_) options_.on_line(std::move(line));
    }
  }

  void on_ended() {
    Turn turn(loop_);
    const auto exit = reap();
    if (output_ && output_->is_open()) {
      drain();
      if (!partial_.empty() && !abandoned_) options_.on_line(std::exchange(partial_, {}));
    }
    if (killer_) loop_.cancel(*killer_);
    killer_.reset();
    // A grandchild may hold the pipe open for ever; what it says after its parent's end is not ours.
    error_code ignored;
    if (output_) output_->close(ignored);
    ended_.close(ignored);
    if (options_.on_exit && !abandoned_) options_.on_exit(exit);
  }

  ChildExit reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    running_ = false;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
  }

  Loop& loop_;
  ChildOptions options_;
  const pid_t pid_;
  Descriptor ended_;
  std::optional<Descriptor> output_;
  Pipe input_;
  std::string partial_;
  std::optional<TimerId> killer_;
  bool running_ = true;
  bool abandoned_ = false;
};

/// What the caller owns; the process object itself lives until its running handler has returned.
class Owner final : public Child {
 public:
  explicit Owner(std::shared_ptr<ChildProcess> process) : process_(std::move(process)) {}
  ~Owner() override { process_->abandon(); }
  pid_t pid() const override { return process_->pid(); }
  bool running() const override { return process_->running(); }
  void terminate(milliseconds grace) override { process_->terminate(grace); }
  bool give(std::string_view input) override { return process_->give(input); }
  void signal(int number) override { process_->signal(number); }

 private:
  std::shared_ptr<ChildProcess> process_;
};

}  // namespace

base::Result<std::unique_ptr<Child>> Child::start(Loop& loop, ChildOptions options) {
  const std::string program = options.argv.at(0);
  Pipe input;
  if (options.input == ChildOptions::Input::given && !input.open())
    return std::unexpected(cannot_start(program, errno));
  int pipe[2] = {-1, -1};
  if (options.output.empty() && options.on_line) {
    if (::pipe2(pipe, O_CLOEXEC) != 0) return std::unexpected(cannot_start(program, errno));
  } else {
    const auto file = options.output.empty() ? std::filesystem::path("/dev/null") : options.output;
    pipe[1] = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (pipe[1] < 0) return std::unexpected(cannot_start(program, errno));
  }
  pid_t pid = -1;
  const int error = spawn(options, input.read_end(), pipe[1], pid);
  ::close(pipe[1]);
  if (input.read_end() >= 0) input.close_read_end();
  if (error != 0) {
    if (pipe[0] >= 0) ::close(pipe[0]);
    return std::unexpected(cannot_start(program, error));
  }
  const int pidfd = ::pidfd_open(pid, 0);
  if (pidfd < 0) {
    const int reason = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    if (pipe[0] >= 0) ::close(pipe[0]);
    return std::unexpected(cannot_start(program, reason));
  }
  auto process = std::make_shared<ChildProcess>(loop, std::move(options), pid, pidfd, std::move(input));
  process->watch(pipe[0]);
  return std::make_unique<Owner>(std::move(process));
}

}  // namespace broadcaster::net
