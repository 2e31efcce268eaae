#include "broadcaster/plan/rehearse.hpp"

#include <algorithm>
#include <iterator>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/plan/reach.hpp"

namespace broadcaster::plan {
namespace {

/// What a person may well type into a slot.
constexpr const char* long_value = "Gedung Serbaguna Kelurahan";
constexpr const char* long_confirmation = "BMKG 06.31 WIB; Kepala Pusdalops di pantai 06.45 WIB";

enum class Arrival { known, unknown };

alert::Alert invented(const RehearsalInput& input, const std::string& hazard, alert::Status status, Arrival arrival) {
  alert::Alert out;
  out.status = status;
  out.hazard = hazard;
  out.note = hazard;
  for (const auto& zone : input.zones.all())
    if (std::ranges::find(zone.hazards, hazard) != zone.hazards.end()) out.zones.push_back({zone.id, {}});
  // Where the map says of none, it can be anywhere, and so it is asked of all.
  if (out.zones.empty())
    for (const auto& zone : input.zones.all()) out.zones.push_back({zone.id, {}});
  for (const auto& one : input.templates.all) {
    if (one.hazard != hazard) continue;
    for (const auto& slot : one.slots)
      if (std::ranges::find(out.slots, slot.name, &alert::NamedValue::name) == out.slots.end())
        out.slots.push_back({slot.name, long_value});
    for (const auto& level : one.levels)
      if (level.name.size() > out.level.size()) out.level = level.name;
    alert::Info info;
    info.language = one.language;
    info.categories = {one.category};
    info.responses = {one.response};
    info.urgency = alert::Urgency::immediate;
    info.severity = alert::Severity::extreme;
    info.certainty = alert::Certainty::likely;
    if (arrival == Arrival::known) info.onset = input.now + std::chrono::minutes(20);
    info.expires = input.now + std::chrono::hours(3);
    out.infos.push_back(std::move(info));
  }
  return out;
}

/// How such an alert ends: zones by turns may return and must wait, so that in two plays each zone hears both.
alert::Alert ended(alert::Alert alert, alert::Ending first) {
  alert.type = alert::MessageType::update;
  alert.references = {{"check.example.org", "CHECK-1", "2026-01-01T00:00:00-00:00"}};
  alert.confirmation = long_confirmation;
  auto answer = first;
  for (auto& order : alert.zones) {
    order.ending = answer;
    answer = answer == alert::Ending::may_return ? alert::Ending::not_yet : alert::Ending::may_return;
  }
  return alert;
}

/// Words of the other mode are refused, and no gap.
bool may_say(const Templates& templates, const std::string& hazard, alert::Status status) {
  const auto mode = alert::rule_of(status).mode;
  return std::ranges::none_of(templates.all, [&](const Template& words) {
    return words.hazard == hazard && words.mode && *words.mode != mode;
  });
}

std::map<std::string, SnapshotInfo> one_recipient_everywhere(const RehearsalInput& input, const alert::Alert& alert,
                                                             std::span<const Endpoint> endpoints) {
  std::map<std::string, SnapshotInfo> out;
  for (const auto& endpoint : endpoints) {
    if (endpoint.audience.empty()) continue;
    SnapshotInfo info;
    for (const auto& language : languages_of(endpoint, input.agency, input.templates, alert.hazard))
      for (const auto* zone : zones_of(endpoint, alert, input.zones)) info.counts.push_back({language, zone->id, 1});
    info.recipients = static_cast<std::int64_t>(info.counts.size());
    out.emplace(endpoint.audience, std::move(info));
  }
  return out;
}

Rehearsed& row(Rehearsal& out, const Plan& plan, const EndpointName& endpoint) {
  for (auto& known : out.endpoints)
    if (known.hazard == plan.alert.hazard && known.mode == plan.mode && known.endpoint == endpoint) return known;
  return out.endpoints.emplace_back(Rehearsed{plan.alert.hazard, plan.mode, endpoint, 0, 0, {}});
}

void add(Rehearsal& out, const Plan& plan, Speech speech) {
  out.messages += static_cast<std::int64_t>(plan.messages.size());
  for (const auto& message : plan.messages) {
    auto& said = row(out, plan, message.endpoint);
    ++said.messages;
    if (std::pair(message.length.segments, message.length.used) > std::pair(said.longest.segments, said.longest.used) ||
        said.messages == 1)
      said.longest = message.length;
  }
  for (const auto& blocked : plan.blocked) {
    ++row(out, plan, blocked.endpoint).blocked;
    out.gaps.push_back({plan.alert.hazard, plan.mode, speech, blocked});
  }
  for (const auto& finding : plan.findings)
    if (const Warned warned{plan.alert.hazard, finding}; std::ranges::find(out.warnings, warned) == out.warnings.end())
      out.warnings.push_back(warned);
}

void play(const RehearsalInput& input, const alert::Alert& alert, Rehearsal& out) {
  std::vector<Endpoint> endpoints;
  for (const auto& endpoint : input.endpoints)
    if (endpoint.mode == alert::rule_of(alert.status).mode) endpoints.push_back(endpoint);
  // An agency that has only begun has nothing live yet.
  if (endpoints.empty() || alert.zones.empty()) return;
  const auto audiences = one_recipient_everywhere(input, alert, endpoints);
  auto plan = make_plan({.alert = alert,
                         .agency = input.agency,
                         .zones = input.zones,
                         .sirens = input.sirens,
                         .endpoints = endpoints,
                         .traits = input.traits,
                         .templates = input.templates,
                         .audiences = audiences,
                         .author = "check",
                         .now = input.now,
                         // What a policy keeps back tonight may be used tomorrow: everything is looked at.
                         .shelters = input.shelters});
  if (!plan) {
    out.refused.insert(out.refused.end(), plan.error().begin(), plan.error().end());
    return;
  }
  add(out, *plan, alert::is_all_clear(plan->alert) ? Speech::all_clear : Speech::order);
  if (plan->false_alarm) add(out, *plan->false_alarm, Speech::false_alarm);
}

}  // namespace

Rehearsal rehearse(const RehearsalInput& input, const std::string& hazard) {
  Rehearsal out;
  for (const auto status : {alert::Status::actual, alert::Status::exercise}) {
    if (!may_say(input.templates, hazard, status)) continue;
    for (const auto arrival : {Arrival::known, Arrival::unknown})
      play(input, invented(input, hazard, status, arrival), out);
    const auto alert = invented(input, hazard, status, Arrival::unknown);
    for (const auto first : {alert::Ending::may_return, alert::Ending::not_yet}) play(input, ended(alert, first), out);
  }
  return out;
}

void append(Rehearsal& all, Rehearsal one) {
  const auto move_behind = [](auto& list, auto& more) {
    list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  all.messages += one.messages;
  move_behind(all.endpoints, one.endpoints);
  move_behind(all.gaps, one.gaps);
  move_behind(all.warnings, one.warnings);
  move_behind(all.refused, one.refused);
}

Rehearsal rehearse(const RehearsalInput& input) {
  Rehearsal out;
  for (const auto& hazard : input.templates.hazards()) append(out, rehearse(input, hazard));
  return out;
}

}  // namespace broadcaster::plan
