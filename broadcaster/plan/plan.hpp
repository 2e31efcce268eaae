// The plan: one self-contained file that says everything that will be sent, and that people sign.
//
// Dispatch sends these bytes and renders nothing. What is signed is the SHA-256 of the plan's canonical JSON
// (base/canonical_json.hpp). Thread rule: plain values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/base/digest.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/message.hpp"

namespace broadcaster::plan {

/// Class 0 goes before everything. From status, urgency and severity (see priority()).
using Priority = int;

/// An endpoint as it was when the plan was made.
struct PlannedEndpoint {
  EndpointName name;
  std::string channel;
  RouteName route;
  std::string destination;  ///< as people compare it
  std::string fingerprint;  ///< SHA-256 of destination, hex
  std::string audience;     ///< empty unless the channel addresses an audience
  int rate_per_second = 0;
  int in_flight = 8;
  Intent intent = Intent::before_the_byte;
  OnUnknown on_unknown = OnUnknown::hold;
  std::chrono::seconds reconcile_after{30};
  bool operator==(const PlannedEndpoint&) const = default;
};

/// A failover group, or a single endpoint. Deliveries belong to a route; each attempt names its endpoint.
struct PlannedRoute {
  RouteName name;
  std::vector<EndpointName> endpoints;
  bool operator==(const PlannedRoute&) const = default;
};

struct AudienceCount {
  alert::Language language;
  alert::ZoneId zone;
  std::int64_t recipients = 0;
  bool operator==(const AudienceCount&) const = default;
};

/// How many people of a list have rows in exactly these of its zones.
struct Standing {
  alert::Language language;  ///< of the first row
  std::vector<alert::ZoneId> zones;
  std::int64_t people = 0;
  bool operator==(const Standing&) const = default;
};

/// Recipients by digest: the numbers themselves stay in the state folder.
struct PlannedAudience {
  std::string name;
  /// SHA-256 of the snapshot, hex (plan/snapshot.hpp). Empty: the list could not be read, and no message goes to it.
  std::string digest;
  std::vector<AudienceCount> counts;
  std::int64_t skipped = 0;  ///< rows with mistakes that the author chose to leave out
  bool operator==(const PlannedAudience&) const = default;
};

struct PlannedZone {
  alert::ZoneId id;
  std::map<std::string, std::string> names;
  std::int64_t people = 0;
  int floor_percent = 0;
  std::vector<std::string> sirens;
  std::optional<base::WallTime> onset;
  bool operator==(const PlannedZone&) const = default;
};

/// A warning that the approver signs with the plan. Errors never get this far.
struct Finding {
  std::string rule;
  base::Text text;
  EndpointName endpoint;  ///< empty: of the whole alert
  alert::Language language;
  alert::ZoneId zone;
  bool operator==(const Finding&) const = default;
};

/// A false alarm may go out for so long after its alert has run out.
constexpr std::chrono::hours false_alarm_life{6};

struct Plan {
  static constexpr int current_format = 1;

  int format = current_format;
  alert::Mode mode = alert::Mode::drill;
  alert::Alert alert;  ///< identifier, sent and references are holes
  std::string author;  ///< id in people.yaml
  base::WallTime made_at;
  base::WallTime expires;  ///< of the alert; nothing is sent after it
  Priority priority = 7;
  std::string code_prefix;                   ///< of the public code, as "TP"
  std::chrono::seconds release_within{600};  ///< of a quorum of approvals
  std::vector<PlannedZone> zones;
  std::vector<PlannedZone> not_alerted;  ///< zones that the hazard can reach and that get nothing
  std::vector<PlannedRoute> routes;
  std::vector<PlannedEndpoint> endpoints;
  std::vector<PlannedAudience> audiences;
  std::vector<Message> messages;
  std::vector<Blocked> blocked;
  std::vector<Finding> findings;
  /// What the author typed beside the template's own words, by path ("slots.refuge", "infos[0].headline"). With any of
  /// it nobody releases alone.
  std::vector<std::string> free_text;
  /// Libraries that rendered it: evidence only.
  std::vector<alert::NamedValue> made_with;
  /// Prepared and approved with the alert; itself a plan, and has none of its own.
  std::shared_ptr<const Plan> false_alarm;
};

/// 0 Actual+Immediate+(Extreme|Severe) · 1 Actual+Immediate · 2 Actual+Expected · 3 other Actual · 5 System · 6
/// Exercise · 7 Test, Draft. In a drill process 6 is the most urgent there is. An all-clear counts as Immediate.
Priority priority(const alert::Alert& alert);

/// The bytes that are signed.
std::string canonical(const Plan& plan);
base::Digest digest(const Plan& plan);
/// Errors: bad_input with the path of the value; refused for a format newer than this program.
base::Result<Plan> parse_plan(const std::string& canonical_json, const std::string& file);

/// The message for a recipient of `language` in `zone` at `endpoint`; nullptr when there is none (blocked).
const Message* find_message(const Plan& plan, const EndpointName& endpoint, const alert::Language& language,
                            const alert::ZoneId& zone);

}  // namespace broadcaster::plan
