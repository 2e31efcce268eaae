#include "broadcaster/service/all_clear.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/service/status_json.hpp"

namespace broadcaster::service {
namespace {

namespace json = boost::json;

std::unexpected<base::Error> refuse(base::Text why) { return base::fail(base::ErrorKind::refused, std::move(why)); }

base::Result<Revision> read_revision(journal::SqliteStore& store, delivery::AlertId id) {
  const auto alert = store.alert(id);
  if (!alert) return std::unexpected(alert.error());
  auto plan = plan_of(alert->release);
  if (!plan) return std::unexpected(plan.error());
  return Revision{std::move(*plan), alert->release.filling};
}

std::vector<alert::ZoneId> zones_that_heard(const std::vector<Revision>& revisions, const Config& config) {
  std::set<std::string> sirens;
  for (const auto& revision : revisions)
    for (auto& siren : plan::commanded_sirens(revision.plan)) sirens.insert(std::move(siren));
  return alert::zones_in_hearing(config.sirens, {sirens.begin(), sirens.end()}, config.zones);
}

std::vector<approval::Replaced> as_replaced(const ToEnd& ending) {
  std::vector<approval::Replaced> out;
  for (const auto& revision : ending.revisions) out.push_back({revision.plan, revision.filling});
  return out;
}

}  // namespace

std::vector<alert::ZoneId> ToEnd::zones() const {
  std::vector<alert::ZoneId> out;
  const auto add = [&](const alert::ZoneId& zone) {
    if (std::ranges::find(out, zone) == out.end()) out.push_back(zone);
  };
  for (const auto& revision : revisions)
    for (const auto& zone : revision.plan.zones) add(zone.id);
  for (const auto& zone : in_hearing) add(zone);
  return out;
}

base::Result<ToEnd> to_end(journal::SqliteStore& store, delivery::AlertId any, const Config& config) {
  const auto known = store.revisions(any);
  if (!known) return std::unexpected(known.error());
  ToEnd out{.newest = known->ids.back(), .revisions = {}, .in_hearing = {}};
  for (const auto id : known->ids) {
    auto revision = read_revision(store, id);
    if (!revision) return std::unexpected(revision.error());
    out.revisions.push_back(std::move(*revision));
  }
  const auto& newest = out.revisions.back();
  if (known->taken_back_by) {
    const auto by = store.alert(*known->taken_back_by);
    if (!by) return std::unexpected(by.error());
    return refuse(
        {"service.all_clear_of_false_alarm", {{"alert", newest.filling.code}, {"by", by->release.filling.code}}});
  }
  if (alert::is_all_clear(newest.plan.alert) && !alert::has_waiting_zones(newest.plan.alert))
    return refuse(
        {"service.over_already", {{"alert", out.revisions.front().filling.code}, {"by", newest.filling.code}}});
  out.in_hearing = zones_that_heard(out.revisions, config);
  return out;
}

base::Result<delivery::AlertId> ended_by(journal::SqliteStore& store, delivery::AlertId any,
                                         const plan::Plan& all_clear, const Config& config) {
  const auto ending = to_end(store, any, config);
  if (!ending) return std::unexpected(ending.error());
  const auto revisions = as_replaced(*ending);
  if (auto refusal = approval::all_clear_refusal(all_clear, {revisions, ending->in_hearing}))
    return refuse(std::move(*refusal));
  return ending->newest;
}

json::object to_json(const ToEnd& ending) {
  json::array references, zones;
  for (const auto& revision : as_replaced(ending)) {
    const auto reference = approval::reference_to(revision);
    references.push_back(
        json::object{{"sender", reference.sender}, {"identifier", reference.identifier}, {"sent", reference.sent}});
  }
  for (const auto& zone : ending.zones()) zones.emplace_back(zone.value);
  const auto& newest = ending.revisions.back();
  return {{"code", newest.filling.code},
          {"plan", plan::canonical(newest.plan)},
          {"references", std::move(references)},
          {"zones", std::move(zones)}};
}

}  // namespace broadcaster::service
