// From an alert to the plan that people sign.
//
// Which messages there are: an account says one text a language, of all its zones; an audience gets one for each
// language and zone that has recipients; sirens get one command a zone. A fault of the alert refuses everything; a
// fault of one message blocks that message alone, and it stands in the plan with its reason and the number of people
// who get nothing. The false-alarm plan is made with it, for the same endpoints and people, and for those who hear a
// siren that it takes back (hearing.hpp); with an all-clear there is none. Thread rule: pure, but for ICU's data.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/shelters.hpp"
#include "broadcaster/alert/sirens.hpp"
#include "broadcaster/plan/plan.hpp"
#include "broadcaster/plan/policy.hpp"
#include "broadcaster/plan/snapshot.hpp"
#include "broadcaster/plan/templates.hpp"

namespace broadcaster::plan {

/// Without rules: everything may be used.
const Policy& no_policy();

/// Everything that a plan is made from; nothing else is read.
struct PlanInput {
  const alert::Alert& alert;
  const alert::Agency& agency;
  const alert::Zones& zones;
  const std::vector<alert::Siren>& sirens;
  std::span<const Endpoint> endpoints;  ///< of the alert's mode alone: another is refused
  std::span<const ChannelTraits> traits;
  const Templates& templates;
  const std::map<std::string, SnapshotInfo>& audiences;  ///< by name, as snapshots_needed() asked for
  std::string author;                                    ///< id in people.yaml
  base::WallTime now;
  std::chrono::seconds release_within{600};  ///< of the approvals, as the agency has it
  std::span<const alert::Shelter> shelters = {};
  const Policy& policy = no_policy();
};

/// Errors: what is wrong with the alert (no zone, no expiry, expired, no guidance, guidance of another hazard or that
/// the policy does not allow, no template for its hazard, a drill mark in a live alert …), an endpoint of the other
/// mode, no endpoint, sirens that would sound without words, nothing left to send.
base::Checked<Plan> make_plan(const PlanInput& input);

/// What the snapshots are chosen by.
struct SnapshotsInput {
  const alert::Alert& alert;
  const alert::Agency& agency;
  const alert::Zones& zones;
  const std::vector<alert::Siren>& sirens;
  std::span<const Endpoint> endpoints;
  std::span<const ChannelTraits> traits;
  const Templates& templates;
  std::filesystem::path audiences;  ///< the folder with the CSV files
  std::filesystem::path snapshots;  ///< the folder in the state
  BadRows bad_rows = BadRows::refuse;
  SnapshotRequest::Count count = SnapshotRequest::Count::rows;
};

/// The snapshots that make_plan will look for, one an audience: of the alerted zones, and of those that hear a siren.
std::vector<std::pair<std::string, SnapshotRequest>> snapshots_needed(const SnapshotsInput& input);

}  // namespace broadcaster::plan
