// What a siren says: acknowledgements, its state, heartbeat, presence, and events that nobody asked for. JSON, without
// a signature: the broker's access list lets a siren write its own topics only, and readers take who speaks from the
// topic; a body that names somebody else is refused. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/time.hpp"
#include "channels/siren/protocol/topics.hpp"

namespace broadcaster::channels::siren {

/// accepted ─► sounding ─► done, or failed at any point after accepted. `sounding` is proof, never hope.
enum class Stage { accepted, sounding, done, failed, rejected };
std::string_view name(Stage stage);

/// Why a command was not taken.
enum class Rejection {
  malformed,
  signature,
  mode,
  target,
  retained,
  expired,
  clock,
  counter,
  busy,
  cancelled,
  unsupported
};
std::string_view name(Rejection reason);
std::optional<Rejection> rejection_from(std::string_view text);

struct Ack {
  std::string siren;
  std::string cmd_id;  ///< may be empty in a rejection of what could not be read
  Stage stage = Stage::accepted;
  std::string reason;            ///< a Rejection's name, or what failed, or how it ended ("cancelled")
  std::string detail;            ///< English; at most 200 bytes
  base::WallTime at;             ///< the siren's own clock
  std::uint64_t counter = 0;     ///< of the command that is answered; 0 if it could not be read
  std::uint32_t sounded_ms = 0;  ///< done, failed: how long
  bool operator==(const Ack&) const = default;
};

/// Retained. `last` is latched until the next activation, so that a late reader still learns it.
struct State {
  std::string siren;
  Mode mode = Mode::drill;
  enum class Now { idle, sounding } now = Now::idle;
  std::optional<Ack> last;
  base::WallTime at;
};

struct Heartbeat {
  std::string siren;
  std::uint64_t seq = 0;
  std::uint64_t uptime_s = 0;
  std::uint64_t counter = 0;     ///< the highest that was accepted
  std::uint64_t next_due_s = 0;  ///< silence for longer than this is an alarm
  base::WallTime at;
};

/// Retained; the will says offline with the same session, so that an old will cannot end a new session.
struct Online {
  enum class Presence { online, offline } presence = Presence::offline;
  std::string session;
  base::WallTime at;
};

struct Event {
  std::string siren;
  std::string kind;  ///< "interrupted", "storage_failed"; more to come, so any name is read
  std::string detail;
  base::WallTime at;
};

std::string write(const Ack& ack);
std::string write(const State& state);
std::string write(const Heartbeat& heartbeat);
std::string write(const Online& online);
std::string write(const Event& event);

// nullopt: not what it should be, or it names another siren than `siren`, the one of the topic.
std::optional<Ack> read_ack(std::string_view body, std::string_view siren);
std::optional<State> read_state(std::string_view body, std::string_view siren);
std::optional<Online> read_online(std::string_view body);
std::optional<Event> read_event(std::string_view body, std::string_view siren);

}  // namespace broadcaster::channels::siren
