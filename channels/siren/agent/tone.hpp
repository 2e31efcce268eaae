// The command that makes the sound, and the probe that proves it: processes under `timeout`, so that they end even when
// the agent is killed meanwhile. Thread rule: loop thread.
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
  /// SIGTERM to all of it, SIGKILL after the grace.
  void stop();

 private:
  void probe_once();
  void probe_later();

  net::Loop& loop_;
  const std::string run_, probe_;
  const Limits limits_;
  ToneHandlers handlers_;
  std::unique_ptr<net::Child> child_, prober_;
  std::optional<net::TimerId> next_probe_;
};

}  // namespace broadcaster::channels::siren
