#include "broadcaster/service/status_json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/service/stop_reason.hpp"
#include "broadcaster/service/waiting_cancellers.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::service {
namespace json = boost::json;
namespace {

using delivery::State;

std::int64_t count_of(const journal::StateCounts& counts, State state) {
  const auto found = counts.find(state);
  return found == counts.end() ? 0 : found->second;
}

void add_counts(json::object& into, const journal::StateCounts& counts) {
  std::int64_t planned = 0;
  for (const auto state : delivery::all_states) {
    const auto n = count_of(counts, state);
    into[delivery::name(state)] = n;
    planned += n;
  }
  into["planned"] = planned;
}

json::value since(const std::optional<base::WallTime>& time, base::WallTime start) {
  if (!time) return nullptr;
  return (*time - start).count();
}

json::value earlier(const std::optional<base::WallTime>& a, const std::optional<base::WallTime>& b,
                    base::WallTime start) {
  if (a && b) return since(std::min(*a, *b), start);
  return since(a ? a : b, start);
}

json::value later(const std::optional<base::WallTime>& a, const std::optional<base::WallTime>& b,
                  base::WallTime start) {
  if (a && b) return since(std::max(*a, *b), start);
  return since(a ? a : b, start);
}

std::string_view name(channels::Reachability reachability) {
  switch (reachability) {
    case channels::Reachability::unknown:
      return "unknown";
    case channels::Reachability::up:
      return "up";
    case channels::Reachability::down:
      return "down";
  }
  return "unknown";
}

json::object endpoint_json(const plan::PlannedEndpoint& endpoint, const AlertView& view, const EndpointNow& now) {
  const auto start = view.status.alert.release.released_at;
  json::object object{{"name", endpoint.name.value},
                      {"channel", endpoint.channel},
                      {"route", endpoint.route.value},
                      {"held", now.held == EndpointNow::Held::yes},
                      {"reachability", name(now.reachability)}};
  const auto counts = view.status.endpoints.find(endpoint.name);
  add_counts(object, counts == view.status.endpoints.end() ? journal::StateCounts() : counts->second);
  const auto found = view.status.times.find(endpoint.name);
  const auto times = found == view.status.times.end() ? journal::EndpointTimes() : found->second;
  const auto differs = view.status.differs.find(endpoint.name);
  object["differs"] = differs == view.status.differs.end() ? std::int64_t{0} : differs->second;
  object["attempts"] = times.attempts;
  object["possible_duplicates"] = times.possible_duplicates;
  object["first_ms"] = earlier(times.first_accepted, times.first_confirmed, start);
  object["last_ms"] = later(times.last_accepted, times.last_confirmed, start);
  object["first_proven_ms"] = since(times.first_confirmed, start);
  object["last_proven_ms"] = since(times.last_confirmed, start);
  return object;
}

json::object zone_json(const plan::PlannedZone& zone, const AlertView& view) {
  // A siren may be reached by two ways: one that sounds, sounds.
  std::map<std::string, State> by_siren;
  for (const auto& line : view.devices) {
    if (line.zone != zone.id || (line.state != State::confirmed && line.state != State::failed)) continue;
    auto& state = by_siren.try_emplace(line.recipient, line.state).first->second;
    if (line.state == State::confirmed) state = line.state;
  }
  const std::int64_t sounding =
      std::ranges::count_if(by_siren, [](const auto& siren) { return siren.second == State::confirmed; });
  const auto failed = static_cast<std::int64_t>(by_siren.size()) - sounding;
  const auto sirens = static_cast<std::int64_t>(zone.sirens.size());
  json::object names;
  for (const auto& [language, text] : zone.names) names[language] = text;
  return {{"id", zone.id.value},
          {"names", std::move(names)},
          {"people", zone.people},
          {"sirens", sirens},
          {"sounding", sounding},
          {"failed", failed},
          {"silent", sirens - sounding - failed},
          {"floor_percent", zone.floor_percent},
          // A zone without sirens has no floor to meet; its other ways count elsewhere.
          {"floor_met", sirens == 0 || sounding * 100 >= sirens * zone.floor_percent}};
}

/// What the approvers signed as not to be said, and to how many: they are planned for nobody else.
json::object blocked_json(const plan::Blocked& blocked) {
  return {{"endpoint", blocked.endpoint.value},
          {"language", blocked.language.value},
          {"zone", blocked.zone.value},
          {"recipients", blocked.recipients},
          {"reason", to_json(blocked.reason)}};
}

/// A zone that the hazard can reach and that this alert leaves out: who looks at the status must see the gap too.
json::object not_alerted_json(const plan::PlannedZone& zone) {
  json::object names;
  for (const auto& [language, text] : zone.names) names[language] = text;
  return {{"id", zone.id.value}, {"names", std::move(names)}, {"people", zone.people}};
}

struct StopJson {
  json::object operator()(const Halted& stop) const {
    return {{"how", "halted"}, {"by", stop.by}, {"note", stop.note}};
  }
  json::object operator()(const TakenBack& stop) const { return {{"how", "false_alarm"}, {"code", stop.code}}; }
  json::object operator()(const Superseded& stop) const { return {{"how", "update"}, {"code", stop.code}}; }
  json::object operator()(const Ended& stop) const { return {{"how", "all_clear"}, {"code", stop.code}}; }
  json::object operator()(const OtherStop& stop) const { return {{"how", "other"}, {"text", stop.text}}; }
};

std::string_view life_of(const AlertView& view, const std::optional<dispatch::Engine::Progress>& progress,
                         base::WallTime at) {
  if (view.status.alert.stopped_at) return "stopped";
  if (progress && progress->life == dispatch::Engine::Progress::Life::expired) return "expired";
  return at >= view.status.alert.expires ? "expired" : "running";
}

}  // namespace

base::Result<plan::Plan> plan_of(const approval::StoredRelease& stored) {
  auto plan = plan::parse_plan(stored.canonical_plan, "journal");
  if (!plan) return std::unexpected(plan.error());
  if (!stored.false_alarm) return std::move(*plan);
  if (!plan->false_alarm) return base::fail(base::ErrorKind::refused, {"service.no_false_alarm", {}});
  return *plan->false_alarm;
}

base::Result<plan::Plan> PlanCache::plan_of(const journal::StoredAlert& alert) {
  constexpr std::size_t most = 8;  // nobody watches more at one time
  if (const auto known = plans_.find(alert.id); known != plans_.end()) return known->second;
  auto plan = service::plan_of(alert.release);
  if (!plan) return plan;
  if (plans_.size() >= most) plans_.erase(plans_.begin());
  plans_.emplace(alert.id, *plan);
  return plan;
}

base::Result<AlertView> gather(journal::SqliteStore& store, delivery::AlertId alert) {
  PlanCache once;
  return gather(store, alert, once);
}

base::Result<AlertView> gather(journal::SqliteStore& store, delivery::AlertId alert, PlanCache& plans) {
  auto status = store.status(alert);
  if (!status) return std::unexpected(status.error());
  auto plan = plans.plan_of(status->alert);
  if (!plan) return std::unexpected(plan.error());
  AlertView view{.status = std::move(*status), .plan = std::move(*plan), .devices = {}, .waiting = {}};
  if (!view.status.alert.release.false_alarm) {
    auto waiting = waiting_cancellers(store, view.status.alert.plan_digest);
    if (!waiting) return std::unexpected(waiting.error());
    view.waiting = std::move(*waiting);
  }

  std::size_t devices = 0;
  for (const auto& message : view.plan.messages)
    if (const auto* program = std::get_if<plan::SirenProgram>(&message.body)) devices += program->targets.size();
  // Devices come first in the order of expansion, so this reads little more than them.
  if (devices > 0) {
    auto lines = store.deliveries(alert, delivery::DeliveryId(0), static_cast<int>(devices));
    if (!lines) return std::unexpected(lines.error());
    std::erase_if(*lines, [](const journal::DeliveryLine& line) { return !line.language.value.empty(); });
    view.devices = std::move(*lines);
  }
  return view;
}

json::object alert_json(const AlertView& view, const std::optional<dispatch::Engine::Progress>& progress,
                        const std::map<plan::EndpointName, EndpointNow>& now, base::WallTime at) {
  const auto& stored = view.status.alert;
  journal::StateCounts all;
  for (const auto& [_, counts] : view.status.routes)
    for (const auto& [state, n] : counts) all[state] += n;
  json::object deliveries;
  add_counts(deliveries, all);
  std::int64_t differs = 0;
  for (const auto& [_, n] : view.status.differs) differs += n;

  json::array endpoints, zones, not_alerted, blocked;
  for (const auto& message : view.plan.blocked) blocked.push_back(blocked_json(message));
  for (const auto& endpoint : view.plan.endpoints) {
    const auto found = now.find(endpoint.name);
    endpoints.push_back(endpoint_json(endpoint, view, found == now.end() ? EndpointNow() : found->second));
  }
  for (const auto& zone : view.plan.zones) zones.push_back(zone_json(zone, view));
  for (const auto& zone : view.plan.not_alerted) not_alerted.push_back(not_alerted_json(zone));

  json::object object{{"identifier", stored.identifier},
                      {"code", stored.release.filling.code},
                      {"status", alert::name(view.plan.alert.status)},
                      {"type", alert::name(view.plan.alert.type)},
                      {"hazard", view.plan.alert.hazard},
                      {"authority", approval::name(stored.release.authority)},
                      {"false_alarm", stored.release.false_alarm},
                      {"author", view.plan.author},
                      {"released_at", base::format_utc(stored.release.released_at)},
                      {"released_by", stored.release.released_by},
                      {"expires", base::format_utc(stored.expires)},
                      {"plan_digest", stored.plan_digest},
                      {"stopped_at", nullptr},
                      {"stop_reason", stored.stop_reason},
                      {"stop", nullptr},
                      {"life", life_of(view, progress, at)},
                      {"settled", progress ? progress->settled : true},
                      {"deliveries", std::move(deliveries)},
                      {"differs", differs},
                      {"endpoints", std::move(endpoints)},
                      {"zones", std::move(zones)},
                      {"not_alerted", std::move(not_alerted)},
                      {"blocked", std::move(blocked)}};
  if (auto waiting = waiting_json(view.waiting, view.plan.release_within, at); !waiting.empty())
    object["cancellers_waiting"] = std::move(waiting);
  if (alert::is_all_clear(view.plan.alert)) object["confirmation"] = view.plan.alert.confirmation;
  if (stored.stopped_at) {
    object["stopped_at"] = base::format_utc(*stored.stopped_at);
    object["stop"] = std::visit(StopJson(), parse_stop_reason(stored.stop_reason));
  }
  if (const auto& glass = stored.release.glass)
    object["glass"] = json::object{{"person", glass->signature.person},
                                   {"role", approval::name(glass->signature.role)},
                                   {"reason", glass->reason},
                                   {"paged_at", base::format_utc(glass->paged_at)}};
  if (const auto& fired = stored.release.fired)
    object["fired"] = json::object{{"person", fired->firing.signature.person},
                                   {"role", approval::name(fired->firing.signature.role)},
                                   {"at", base::format_utc(fired->firing.signature.at)},
                                   {"form", base::hex(base::sha256(fired->canonical_form))}};
  json::array approvers;
  for (const auto& signature : stored.release.signatures)
    approvers.push_back(json::object{{"person", signature.person},
                                     {"role", approval::name(signature.role)},
                                     {"at", base::format_utc(signature.at)}});
  object["signatures"] = std::move(approvers);
  if (auto same = approval::same_logins_json(stored.release.signatures); !same.empty())
    object["same_login"] = std::move(same);
  return object;
}

}  // namespace broadcaster::service
