// Alerts of ours that rest on a centre's bulletin: what people are told when it ends while one of them is released.
//
// An alert names its bulletins in `source`, as its draft was given them ("sender,identifier,sent"). That a bulletin is
// over, taken back or expired ends nothing of ours (R59): people are told which alert rests on it and what they can do.
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broadcaster/feeds/known.hpp"

namespace broadcaster::feeds {

/// One that is released, and neither ended nor expired.
struct OpenAlert {
  std::string code;
  std::string source;  ///< alert::Alert::source
  bool operator==(const OpenAlert&) const = default;
};

/// Codes of those that name a bulletin of this matter, or one that it replaced, in the order given.
std::vector<std::string> resting_on(const Matter& matter, const std::vector<OpenAlert>& alerts);

/// What is said instead of the matter's news, with its arguments: while an open alert names a source that is over,
/// whatever came after that; and when all of it has expired. nullopt: no alert rests on what has ended.
std::optional<base::Text> ended_under(const Matter& matter, const std::vector<OpenAlert>& alerts, base::WallTime now);

/// Whether it raises no alarm: a person has dismissed it, and it has not ended under an alert since.
bool is_silent(const Matter& matter, const std::vector<std::string>& codes, base::WallTime now);

}  // namespace broadcaster::feeds
