// The body of a command: JSON, signed as it stands (keys.hpp).
//
// Writers sort the keys and leave out what is empty; readers take any JSON object, ignore keys they do not know, and
// refuse what is missing, of the wrong type, twice there, or out of bounds. Thread rule: plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/base/time.hpp"
#include "channels/siren/protocol/topics.hpp"

namespace broadcaster::channels::siren {

enum class Action { activate, cancel, silent_test, status_request, disarm };
std::string_view name(Action action);

struct Command {
  static constexpr int version = 1;
  /// One for an alert, a zone and a program; the same in every repetition. A siren sounds once for it.
  std::string cmd_id;
  /// The alert that is sounded; for cancel: the alert whose sound ends.
  std::string alert_id;
  Mode mode = Mode::drill;
  Action action = Action::status_request;
  std::string program;  ///< activate only: the siren's own name for tone and voice
  std::string hazard;   ///< optional, handed to the siren's command
  std::chrono::seconds duration{0};
  std::vector<std::string> targets;  ///< siren ids, or "zone:ID", "group:ID"
  base::WallTime issued_at;
  base::WallTime not_after;
  std::uint64_t counter = 0;  ///< rises with every command of one controller, repetitions included; below 2^53
  std::string controller_id;
  std::string approval_hash;  ///< hex of the approved plan's SHA-256; empty for status_request
  std::string reason;
  bool operator==(const Command&) const = default;
};

/// What a siren reads at most; 10,000 targets fit.
inline constexpr std::size_t max_command_bytes = 256 * 1024;

std::string write(const Command& command);
/// The error is English, for the siren's log and the acknowledgement.
std::expected<Command, std::string> read_command(std::string_view body);

}  // namespace broadcaster::channels::siren
