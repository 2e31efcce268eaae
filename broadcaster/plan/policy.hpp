// Which danger may use which channel, and what it may tell people to do: config/policy.yaml (R55, optional).
//
//   rules:                                   the first that fits decides; an alert that none fits may use everything
//     - hazard: tsunami                      each of hazard, level, severity may be left out: then any
//       level: WASPADA
//       channels: [sms, mastodon, webhook]   kinds of channel; no siren here
//       responses: [Avoid, Prepare]          CAP’s words for guidance; left out: any
//   break_glass: {after: 60s, zones: 4}      one person may release alone so long after the approvers were paged, for
//                                            so many zones at most (approval/break_glass.hpp); left out: nobody may
//   false_alarm:                             who may say that there is no danger (approval/false_alarm.hpp)
//     alone_within: 30m                      one canceller is enough for so long after the release; 0m: never
//     break_glass: {after: 60s, zones: 4}    later, or while a source says otherwise, one canceller alone so long after
//                                            the others were called; left out: it takes two
//   retention: {people: 90d}                 phone numbers are erased so long after their alert has ended
//                                            (service/retention.hpp); left out: never by themselves
//   quiet_hours: {from: "22.00", until: "05.00"}   for what threatens no life; in the agency’s time
//
// What may not be used stands in the plan as a finding, so that people sign it; guidance that a level may not give
// refuses the alert. Thread rule: plain values, pure functions.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

struct PolicyRule {
  std::string hazard;  ///< empty: any
  std::string level;   ///< empty: any
  std::optional<alert::Severity> severity;
  std::vector<std::string> channels;
  std::vector<alert::ResponseType> responses;  ///< empty: any
  base::Place place;                           ///< in the file
};

/// Minutes after midnight; over midnight when `from` is later than `until`.
struct QuietHours {
  std::chrono::minutes from{0};
  std::chrono::minutes until{0};
};

/// What an agency allows one person alone (R39).
struct BreakGlass {
  std::chrono::seconds after{60};  ///< 0: at once
  int zones = 0;                   ///< at most
};

/// Who may take an alert back (R38).
struct FalseAlarmPolicy {
  std::chrono::minutes alone_within{30};
  std::optional<BreakGlass> break_glass = std::nullopt;  ///< nullopt: nobody alone, once a second is needed
};

struct Policy {
  std::vector<PolicyRule> rules;
  std::optional<BreakGlass> break_glass;
  FalseAlarmPolicy false_alarm = {};
  std::optional<QuietHours> quiet;
  std::optional<std::chrono::days> keep_people;  ///< nullopt: for ever, or until a person erases them
};

/// Errors with file, line and column. A file that is not there is a policy without rules.
base::Checked<Policy> read_policy(const std::filesystem::path& path, std::span<const ChannelTraits> traits);
base::Checked<Policy> parse_policy(const std::string& text, const std::string& file,
                                   std::span<const ChannelTraits> traits);

/// nullptr: no rule is for this alert, so nothing is forbidden.
const PolicyRule* rule_for(const Policy& policy, const alert::Alert& alert);
bool may_use(const PolicyRule& rule, std::string_view channel);
/// The first response of the alert that the rule does not allow.
std::optional<alert::ResponseType> forbidden_response(const PolicyRule& rule, const alert::Alert& alert);

/// `local` is minutes after midnight where people sleep.
bool is_quiet(const QuietHours& hours, std::chrono::minutes local);

}  // namespace broadcaster::plan
