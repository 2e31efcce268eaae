#include "broadcaster/drill/stage.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace broadcaster::drill {
namespace {
constexpr base::milliseconds slice{10};
}

bool listens(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool yes = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return yes;
}

Stage::Stage() : loop_(net::Loop::create()) {
  loop_->on_signal({SIGINT, SIGTERM}, [this](int) {
    interrupted_ = true;
    loop_->stop();
  });
}

Stage::~Stage() = default;

void Stage::wait(base::milliseconds time) {
  if (!interrupted_) run_for(time);
}

void Stage::end(const std::vector<net::Child*>& children, base::milliseconds grace) {
  const auto running = [&] {
    return std::any_of(children.begin(), children.end(), [](const net::Child* c) { return c->running(); });
  };
  for (auto* child : children) child->terminate(grace);
  // The kill comes after the grace; a little longer, and it has been noticed.
  const auto last = loop_->now() + grace + std::chrono::seconds(1);
  while (running() && loop_->now() < last) run_for(slice);
}

void Stage::run_for(base::milliseconds time) {
  const auto timer = loop_->after(time, [this] { loop_->stop(); });
  loop_->run();
  loop_->cancel(timer);
}

bool Stage::wait_until(const std::function<bool()>& done, base::milliseconds limit) {
  const auto last = loop_->now() + limit;
  while (!done()) {
    if (interrupted_ || loop_->now() >= last) return false;
    wait(slice);
  }
  return true;
}

bool Stage::wait_for_port(unsigned short port, base::milliseconds limit) {
  return wait_until([port] { return listens(port); }, limit);
}

base::Result<CommandResult> Stage::command(std::vector<std::string> argv, base::milliseconds limit,
                                           const std::string& input) {
  CommandResult result;
  bool ended = false;
  const std::string name = argv.front();
  net::ChildOptions options;
  options.argv = std::move(argv);
  if (!input.empty()) options.input = net::ChildOptions::Input::given;
  options.on_line = [&result](std::string line) { result.output += line + "\n"; };
  options.on_exit = [&](net::ChildExit exit) {
    result.status = exit.signal != 0 ? 128 + exit.signal : exit.status;
    ended = true;
  };
  auto child = net::Child::start(*loop_, std::move(options));
  if (!child) return std::unexpected(child.error());
  // One that ended before it read says why in its output.
  if (!input.empty()) (void)(*child)->give(input);
  if (!wait_until([&] { return ended; }, limit))
    return base::fail(base::ErrorKind::unavailable, {"drill.command_too_slow", {{"command", name}}});
  return result;
}

base::Result<std::unique_ptr<net::Child>> Stage::start(std::vector<std::string> argv, const std::filesystem::path& log,
                                                       std::vector<std::pair<std::string, std::string>> environment) {
  net::ChildOptions options;
  options.argv = std::move(argv);
  options.environment = std::move(environment);
  options.output = log;
  return net::Child::start(*loop_, std::move(options));
}

}  // namespace broadcaster::drill
