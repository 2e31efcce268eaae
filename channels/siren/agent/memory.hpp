// What a siren must not forget when its power fails: the counters, the commands of the last day with its last answer to
// each, and the alerts that were called off. Written before it sounds, so that no crash makes a replay sound.
// Thread rule: plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "broadcaster/base/time.hpp"
#include "channels/siren/protocol/answers.hpp"

namespace broadcaster::channels::siren {

struct Memory {
  struct Known {
    Ack last;
    base::WallTime until;
  };
  std::map<std::string, std::uint64_t> counters;    ///< the last accepted, by controller
  std::map<std::string, Known> commands;            ///< by cmd_id
  std::map<std::string, base::WallTime> cancelled;  ///< alerts, until when it is remembered
  std::optional<Ack> last;                          ///< latched: how the last activation stands

  static constexpr std::chrono::hours kept_for{24};
  /// More than this in a day is no siren's day; the oldest go first, and the counter still stops their replay.
  static constexpr std::size_t max_entries = 2000;

  void forget_old(base::WallTime now);
};

std::string write(const Memory& memory);
/// nullopt: damaged, or another siren's.
std::optional<Memory> read_memory(std::string_view text, std::string_view siren);

}  // namespace broadcaster::channels::siren
