// The command that makes the sound, and the probe that proves it: processes with a limit of their own, so that they end
// even when the agent is killed meanwhile.
//
// The shell that runs the command stands ready before the order comes: starting one takes tens of milliseconds on a
// small busy box, longer from a slow card, and people wait for the sound. Thread rule: loop thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "broadcaster/net/child.hpp"
#include "broadcaster/net/loop.hpp"
#include "channels/siren/agent/machine.hpp"

namespace broadcaster::channels::siren {

struct ToneHandlers {
  std::move_only_function<void()> proved;  ///< perhaps more than once
  std::move_only_function<void(int status)> ended;
};

class TonePlayer {
 public:
  /// `run` and `probe` are for /bin/sh -c; `probe` may be empty.
  TonePlayer(net::Loop& loop, std::string run, std::string probe, Limits limits, ToneHandlers handlers);
  /// Ends what still runs: politely, then hard.
  ~TonePlayer();

  /// Nothing runs yet. The command finds SIREN_PROGRAM, SIREN_DURATION (seconds), SIREN_HAZARD, SIREN_MODE,
  /// SIREN_ALERT and SIREN_COMMAND in its environment. Errors: unavailable.
  base::Result<void> start(const StartTone& tone);
  /// Has a shell stand ready for the next start(); without one, start() takes its time.
  void get_ready();
  /// SIGTERM to all of it, SIGKILL after the grace.
  void stop();

 private:
  base::Result<std::unique_ptr<net::Child>> shell();
  base::Result<void> start_new();
  void on_exit(net::ChildExit exit);
  void probe_once();
  void probe_later();

  net::Loop& loop_;
  const std::string run_, probe_;
  const Limits limits_;
  ToneHandlers handlers_;
  std::unique_ptr<net::Child> ready_;  ///< waits for its command
  std::string order_;                  ///< given to the one that stood ready, which has not said yet that it has it
  std::unique_ptr<net::Child> child_, prober_;
  base::milliseconds until_probe_{0};
  std::optional<net::TimerId> next_probe_;
};

}  // namespace broadcaster::channels::siren
