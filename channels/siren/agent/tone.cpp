#include "channels/siren/agent/tone.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace broadcaster::channels::siren {
namespace {

constexpr base::milliseconds between_probes{200};

/// `timeout` is a process of its own, so the limit holds without us.
std::vector<std::string> limited(std::chrono::seconds limit, const std::string& command) {
  return {"timeout", "-k", "1", fmt::format("{}", limit.count()), "/bin/sh", "-c", command};
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

base::Result<void> TonePlayer::start(const StartTone& tone) {
  net::ChildOptions options;
  const auto limit = std::chrono::floor<std::chrono::seconds>(limits_.max_on - limits_.stop_grace);
  options.argv = limited(limit, run_);
  options.environment = {
      {"SIREN_PROGRAM", tone.command.program}, {"SIREN_DURATION", fmt::format("{}", tone.duration.count())},
      {"SIREN_HAZARD", tone.command.hazard},   {"SIREN_MODE", std::string(name(tone.command.mode))},
      {"SIREN_ALERT", tone.command.alert_id},  {"SIREN_COMMAND", tone.command.cmd_id}};
  options.on_line = [this](std::string line) {
    if (line == "sounding") handlers_.proved();
  };
  options.on_exit = [this](net::ChildExit exit) {
    // What it left running in its group would go on sounding.
    ::kill(-child_->pid(), SIGKILL);
    if (next_probe_) loop_.cancel(*next_probe_);
    next_probe_.reset();
    prober_.reset();
    child_.reset();
    handlers_.ended(exit.signal != 0 ? 128 + exit.signal : exit.status);
  };
  auto child = net::Child::start(loop_, std::move(options));
  if (!child) return std::unexpected(child.error());
  child_ = std::move(*child);
  if (!probe_.empty()) probe_once();
  return {};
}

void TonePlayer::stop() {
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
  next_probe_ = loop_.after(between_probes, [this] {
    next_probe_.reset();
    if (child_) probe_once();
  });
}

}  // namespace broadcaster::channels::siren
