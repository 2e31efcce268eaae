// An alert for people in danger must not run out unnoticed: silence is read as "it is over" (R45).
//
// An alert for people in danger that nothing has followed alarms its operators 30, 10 and 2 minutes before it lapses,
// and when it has: one of urgency Immediate, an Extreme or Severe one of urgency Expected (a distant tsunami), and an
// all-clear that told zones to wait. A halt follows nothing: whoever got the alert before it was halted has heard no
// other word. Nothing here says that anybody is safe. Thread rule: pure.
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
  alert::Urgency urgency = alert::Urgency::unknown;     ///< the most urgent of its infos
  alert::Severity severity = alert::Severity::unknown;  ///< the most severe of its infos
  alert::MessageType type = alert::MessageType::alert;
  enum class Waiting { no, yes } waiting = Waiting::no;  ///< an all-clear in which zones may not return yet
  base::WallTime expires;
  enum class Followed { no, yes } followed = Followed::no;  ///< by an update, a false alarm or an all-clear
};

/// For this long after its end an alert that lapsed is still shown.
inline constexpr std::chrono::hours lapse_shown{24};

/// nullopt: it does not lapse soon, is no alert of this kind, or somebody has ended it.
std::optional<LapseStage> lapse_stage(const InForce& alert, base::WallTime now);

/// What the operators read.
base::Text lapse_text(const InForce& alert, LapseStage stage);

}  // namespace broadcaster::service
