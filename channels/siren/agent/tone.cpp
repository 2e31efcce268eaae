#include "channels/siren/agent/tone.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace broadcaster::channels::siren {
namespace {

/// The first looks come quickly: a sound is proven the moment it is there. Then a relay's contact is left in peace.
constexpr base::milliseconds first_probe_after{20}, longest_between_probes{200};

/// `timeout` is a process of its own, so the limit holds without us.
std::vector<std::string> limited(std::chrono::seconds limit, const std::string& command) {
  return {"timeout", "-k", "1", fmt::format("{}", limit.count()), "/bin/sh", "-c", command};
}

/// Waits for the order's values, a line each, says that it has them, and then runs "$1". Its guard is a process of its
/// own, so the limit ($2) holds without us. When we end before any order comes, so does it.
constexpr const char* waiting_shell = R"(
for name in SIREN_PROGRAM SIREN_DURATION SIREN_HAZARD SIREN_MODE SIREN_ALERT SIREN_COMMAND; do
  IFS= read -r value || exit 0
  export "$name=$value"
done
exec </dev/null
echo order-taken
(trap '' TERM; sleep "$2"; kill -TERM 0; sleep 1; kill -KILL 0) >/dev/null 2>&1 &
command=$1
set --
unset name value
eval "$command"
)";

constexpr std::string_view order_taken = "order-taken";

/// A value never becomes two lines, nor more than a pipe takes.
std::string line(std::string value) {
  std::replace_if(value.begin(), value.end(), [](unsigned char c) { return c < 0x20; }, '?');
  return value.substr(0, 128) + "\n";
}

std::string lines(const StartTone& tone) {
  const auto& command = tone.command;
  return line(command.program) + line(fmt::format("{}", tone.duration.count())) + line(command.hazard) +
         line(std::string(name(command.mode))) + line(command.alert_id) + line(command.cmd_id);
}

}  // namespace

TonePlayer::TonePlayer(net::Loop& loop, std::string run, std::string probe, Limits limits, ToneHandlers handlers)
    : loop_(loop), run_(std::move(run)), probe_(std::move(probe)), limits_(limits), handlers_(std::move(handlers)) {}

/// A relay must fall off: the command gets its polite signal and the grace also when the agent ends.
TonePlayer::~TonePlayer() {
  if (next_probe_) loop_.cancel(*next_probe_);
  if (!child_ || !child_->running()) return;
  const auto pid = child_->pid();
  ::kill(-pid, SIGTERM);
  const auto ended = [pid] {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
  };
  const auto deadline = std::chrono::steady_clock::now() + limits_.stop_grace;
  while (!ended() && std::chrono::steady_clock::now() < deadline) ::usleep(10'000);
}

base::Result<std::unique_ptr<net::Child>> TonePlayer::shell() {
  const auto limit = std::chrono::floor<std::chrono::seconds>(limits_.max_on - limits_.stop_grace);
  net::ChildOptions options;
  options.argv = {"/bin/sh", "-c", waiting_shell, "sh", run_, fmt::format("{}", limit.count())};
  options.input = net::ChildOptions::Input::given;
  options.on_line = [this](std::string line) {
    if (!child_) return;
    if (line == order_taken) order_.clear();
    if (line == "sounding") handlers_.proved();
  };
  options.on_exit = [this](net::ChildExit exit) { on_exit(exit); };
  return net::Child::start(loop_, std::move(options));
}

void TonePlayer::get_ready() {
  if (ready_) return;
  if (auto started = shell()) ready_ = std::move(*started);
}

base::Result<void> TonePlayer::start(const StartTone& tone) {
  order_ = lines(tone);
  child_ = std::exchange(ready_, nullptr);
  if (!child_ || !child_->running() || !child_->give(order_)) {
    child_.reset();
    if (auto started = start_new(); !started) return started;
  }
  until_probe_ = first_probe_after;
  if (!probe_.empty()) probe_once();
  return {};
}

base::Result<void> TonePlayer::start_new() {
  auto started = shell();
  if (!started) return std::unexpected(started.error());
  child_ = std::move(*started);
  child_->give(std::exchange(order_, {}));  // whatever comes of it, there is no third
  return {};
}

void TonePlayer::on_exit(net::ChildExit exit) {
  // The one that stood ready; the next start() takes a new one.
  if (!child_) return ready_.reset();
  // It was dying when it was given its order: the sound is owed all the same.
  if (!order_.empty()) {
    child_.reset();
    if (start_new()) return;
  }
  // What it left running in its group would go on sounding.
  if (child_) ::kill(-child_->pid(), SIGKILL);
  if (next_probe_) loop_.cancel(*next_probe_);
  next_probe_.reset();
  prober_.reset();
  child_.reset();
  order_.clear();
  get_ready();
  handlers_.ended(exit.signal != 0 ? 128 + exit.signal : exit.status);
}

void TonePlayer::stop() {
  order_.clear();
  if (child_) child_->terminate(limits_.stop_grace);
}

void TonePlayer::probe_once() {
  net::ChildOptions options;
  options.argv = limited(std::chrono::seconds(2), probe_);
  options.on_exit = [this](net::ChildExit exit) {
    prober_.reset();
    if (exit.signal == 0 && exit.status == 0) return handlers_.proved();
    probe_later();
  };
  auto child = net::Child::start(loop_, std::move(options));
  if (!child) return probe_later();
  prober_ = std::move(*child);
}

void TonePlayer::probe_later() {
  const auto wait = std::exchange(until_probe_, std::min(2 * until_probe_, longest_between_probes));
  next_probe_ = loop_.after(wait, [this] {
    next_probe_.reset();
    if (child_) probe_once();
  });
}

}  // namespace broadcaster::channels::siren
