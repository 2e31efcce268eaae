// An alert for people in danger must not run out unnoticed: silence is read as "it is over" (R45).
//
// An Immediate alert that nobody has stopped or followed up alarms its operators 30, 10 and 2 minutes before it lapses,
// and when it has. Nothing here says that anybody is safe. Thread rule: pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::service {

/// In the order in which they come.
enum class LapseStage { thirty_minutes, ten_minutes, two_minutes, lapsed };

/// What is known of the alert.
struct InForce {
  std::string code;
  alert::Urgency urgency = alert::Urgency::unknown;  ///< the most urgent of its infos
  alert::MessageType type = alert::MessageType::alert;
  base::WallTime expires;
  /// By a halt or by the follow-up that took its place.
  std::optional<base::WallTime> stopped_at;
};

/// For this long after its end an alert that lapsed is still shown.
inline constexpr std::chrono::hours lapse_shown{24};

/// nullopt: it does not lapse soon, is no alert of this kind, or somebody has ended it.
std::optional<LapseStage> lapse_stage(const InForce& alert, base::WallTime now);

/// What the operators read.
base::Text lapse_text(const InForce& alert, LapseStage stage);

}  // namespace broadcaster::service
