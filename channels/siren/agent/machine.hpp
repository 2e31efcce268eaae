// What a siren decides: event and time in, actions out. No I/O, no clock.
//
// The order of its checks (PROTOCOL.md has the table): signature, mode, target, known command (repeat the last answer,
// never the sound), retained, expiry and skew, counter, called off, busy. Whatever comes, it sounds for at most
// Limits::max_on a command, and it starts silent. Thread rule: one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "channels/siren/agent/memory.hpp"
#include "channels/siren/protocol/command.hpp"
#include "channels/siren/protocol/keys.hpp"

namespace broadcaster::channels::siren {

struct Identity {
  std::string site;
  std::string siren;
  Mode mode = Mode::drill;
  std::vector<std::string> zones, groups;
  std::vector<PublicKey> command_keys;  ///< of this mode; never empty
};

struct Limits {
  std::chrono::seconds max_on{180};
  base::milliseconds stop_grace{1000};  ///< from the polite signal to the hard one; inside max_on
  base::milliseconds prove_within{3000};
  base::milliseconds skew{30'000};
  /// Answers to a group of more than `quiet_group` are spread over this time a member, so that they do not arrive at
  /// once.
  base::milliseconds spread_a_member{10};
  std::size_t quiet_group = 10;
};

// What happens to a siren.
struct Booted {};
struct Received {
  std::string topic, body, kid, sig;
  enum class Retained { no, yes } retained = Retained::no;
};
struct Proved {};  ///< The command said `sounding`, or the probe returned 0.
struct Ended {     ///< The tone's command is gone, with everything that it started.
  int status = 0;  ///< 0 is fine
};
struct CannotStart {
  std::string why;
};
struct Tick {};  ///< next_wake() has come.
using Happening = std::variant<Booted, Received, Proved, Ended, CannotStart, Tick>;

// What it does, in this order, each after the one before is finished.
struct Save {
  std::string memory;
};
struct StartTone {
  Command command;
  std::chrono::seconds duration{0};  ///< bounded already
};
struct StopTone {};
struct SayAck {
  Ack ack;
};
struct SayState {
  State state;
};
struct SayEvent {
  Event event;
};
using Act = std::variant<Save, StartTone, StopTone, SayAck, SayState, SayEvent>;

class Machine {
 public:
  Machine(Identity identity, Limits limits, Memory memory, base::Random& random);

  std::vector<Act> on(const Happening& happening, base::Now now);
  std::optional<base::MonoTime> next_wake() const;

  bool sounding() const { return tone_.has_value(); }
  std::uint64_t highest_counter() const;
  State state(base::WallTime now) const;

 private:
  struct Tone {
    std::string cmd_id, alert_id;
    base::MonoTime started, ends, prove_by;
    bool proven = false, failed = false, stopping = false;
    std::string cancelled_by{};  ///< cmd_id of the cancel
  };
  struct Later {
    Ack ack;
    base::MonoTime due;
  };
  using Acts = std::vector<Act>;

  void boot(base::Now now, Acts& acts);
  void receive(const Received& in, base::Now now, Acts& acts);
  void obey(const Command& command, CommandAddress::To to, base::Now now, Acts& acts);
  void activate(const Command& command, CommandAddress::To to, base::Now now, Acts& acts);
  void cancel(const Command& command, base::Now now, Acts& acts);
  void proved(base::Now now, Acts& acts);
  void ended(int status, base::Now now, Acts& acts);
  void tick(base::Now now, Acts& acts);

  bool is_target(const Command& command) const;
  std::optional<Rejection> too_late(const Command& command, base::Now now) const;
  bool counter_is_old(const Command& command) const;
  void accept(const Command& command, Ack ack, base::Now now);
  /// Remembers and says the next answer about a command.
  void say(Ack ack, Acts& acts);
  void reject(const Command& command, Rejection reason, std::string detail, base::Now now, Acts& acts);
  void stop(Acts& acts);
  void finish(Ack ack, base::Now now, Acts& acts);
  Ack answer(const std::string& cmd_id, Stage stage, std::string reason, base::Now now) const;
  void save(base::Now now, Acts& acts);

  const Identity identity_;
  const Limits limits_;
  Memory memory_;
  base::Random& random_;
  std::optional<Tone> tone_;
  std::vector<Later> later_;
};

}  // namespace broadcaster::channels::siren
