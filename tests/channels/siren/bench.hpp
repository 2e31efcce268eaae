// A siren on the bench: the machine with a loudspeaker that is a list of times, and a controller that can misbehave.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "channels/siren/agent/machine.hpp"

namespace broadcaster::channels::siren {

inline constexpr base::WallTime noon{base::milliseconds{1'795'000'000'000}};

struct FixedRandom final : base::Random {
  std::uint64_t below(std::uint64_t) override { return 0; }
};

inline SigningKey key_of(const char* seed) { return *SigningKey::from_seed(seed); }
inline SigningKey drill_key() { return key_of("ZHJpbGwtZHJpbGwtZHJpbGwtZHJpbGwtZHJpbGwtMDE="); }
inline SigningKey live_key() { return key_of("bGl2ZS1saXZlLWxpdmUtbGl2ZS1saXZlLWxpdmUtMDE="); }

inline Command activate(std::uint64_t counter = 1, const std::string& id = "cmd-1") {
  Command command;
  command.cmd_id = id;
  command.alert_id = "TP-2026-0001";
  command.mode = Mode::live;
  command.action = Action::activate;
  command.program = "tsunami-evacuate";
  command.duration = std::chrono::seconds(60);
  command.targets = {"siren-01"};
  command.issued_at = noon;
  command.not_after = noon + std::chrono::seconds(60);
  command.counter = counter;
  command.controller_id = "tirtapura-live";
  return command;
}

inline Received signed_with(const SigningKey& key, const Command& command,
                            const std::string& topic = "warn/v1/tirtapura/live/siren/siren-01/cmd") {
  const auto body = write(command);
  return {topic, body, key.public_key().id(), key.sign(body), Received::Retained::no};
}

inline Received sent(const Command& command) { return signed_with(live_key(), command); }

struct Siren {
  FixedRandom random;
  Identity identity{"tirtapura", "siren-01", Mode::live, {"muara"}, {"coast"}, {live_key().public_key()}};
  Limits limits;
  Machine machine;
  base::Now now{noon, base::MonoTime(std::chrono::seconds(1000))};
  int started = 0;
  bool stopped = false;
  std::string memory;
  std::vector<Ack> acks;

  explicit Siren(Memory remembered = {}) : machine(identity, limits, std::move(remembered), random) {}

  void on(const Happening& happening) {
    for (auto& act : machine.on(happening, now)) {
      if (std::holds_alternative<StartTone>(act)) ++started;
      if (std::holds_alternative<StopTone>(act)) stopped = true;
      if (auto* save = std::get_if<Save>(&act)) memory = save->memory;
      if (auto* say = std::get_if<SayAck>(&act)) acks.push_back(say->ack);
    }
  }
  void pass(base::milliseconds time) {
    now.wall += time;
    now.mono += time;
  }
  std::string last() const {
    return acks.empty()
               ? "nothing"
               : std::string(name(acks.back().stage)) + (acks.back().reason.empty() ? "" : " " + acks.back().reason);
  }
};

}  // namespace broadcaster::channels::siren
