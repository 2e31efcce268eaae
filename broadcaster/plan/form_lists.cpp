#include "broadcaster/plan/form_lists.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

using Zones = std::vector<alert::ZoneId>;

bool has(const Zones& zones, const alert::ZoneId& zone) { return std::ranges::find(zones, zone) != zones.end(); }

std::int64_t room(const Form& form, std::int64_t people) {
  return std::max(least_room, (people * form.tolerance_percent + 99) / 100);
}

/// Between so many and so many as signed; of somebody, nobody is too few.
Bounds with_room(const Form& form, std::int64_t fewest, std::int64_t all) {
  return {all, std::max<std::int64_t>(fewest > 0 ? 1 : 0, fewest - room(form, fewest)), all + room(form, all)};
}

template <class Of>
std::int64_t people(const Form& form, const std::string& audience, Of of) {
  std::int64_t sum = 0;
  for (const auto& listed : form.people)
    if (listed.audience == audience && of(listed.standing.zones)) sum += listed.standing.people;
  return sum;
}

base::Text outside(std::string id, const std::string& audience, std::int64_t count, const Bounds& bound) {
  return {std::move(id), {{"audience", audience}, {"count", count}, {"least", bound.least}, {"most", bound.most}}};
}

std::vector<Held> held(const Form& form, const Zones& fired, const PlannedAudience& now) {
  if (now.digest.empty()) return {{now.name, {}, {"plan.audience_unread", {{"audience", now.name}}}}};
  std::vector<Held> out;
  for (const auto& zone : fired) {
    const auto bound = zone_bounds(form, now.name, fired, zone);
    const auto count = recipients(now, {zone});
    if (count >= bound.least && count <= bound.most) continue;
    out.push_back({now.name, zone, outside("plan.audience_zone", now.name, count, bound)});
    out.back().reason.arguments.emplace_back("zone", zone.value);
  }
  if (!out.empty()) return out;
  const auto bound = bounds(form, now.name, fired);
  const auto count = recipients(now, fired);
  // Too many the zones would have said.
  if (count < bound.least) out.push_back({now.name, {}, outside("plan.audience_tolerance", now.name, count, bound)});
  return out;
}

}  // namespace

std::int64_t recipients(const PlannedAudience& audience, const Zones& zones) {
  std::int64_t sum = 0;
  for (const auto& count : audience.counts)
    if (has(zones, count.zone)) sum += count.recipients;
  return sum;
}

Bounds bounds(const Form& form, const std::string& audience, const Zones& fired) {
  const auto all = people(form, audience, [&](const Zones& stands_in) {
    return std::ranges::any_of(stands_in, [&](const alert::ZoneId& zone) { return has(fired, zone); });
  });
  return with_room(form, all, all);
}

Bounds zone_bounds(const Form& form, const std::string& audience, const Zones& fired, const alert::ZoneId& zone) {
  const auto all = people(form, audience, [&](const Zones& stands_in) { return has(stands_in, zone); });
  const auto only_here = people(form, audience, [&](const Zones& stands_in) {
    return has(stands_in, zone) && std::ranges::none_of(stands_in, [&](const alert::ZoneId& other) {
             return other != zone && has(fired, other);
           });
  });
  return with_room(form, only_here, all);
}

bool is_held(const base::Text& reason) {
  return reason.id == "plan.audience_zone" || reason.id == "plan.audience_tolerance" ||
         reason.id == "plan.audience_unread";
}

std::vector<Held> held_lists(const Form& form, const Zones& fired, const std::vector<PlannedAudience>& now) {
  std::vector<Held> out;
  for (const auto& audience : form.plan.audiences) {
    const auto found = std::ranges::find(now, audience.name, &PlannedAudience::name);
    const PlannedAudience unread{audience.name, {}, {}, 0};
    std::ranges::move(held(form, fired, found == now.end() ? unread : *found), std::back_inserter(out));
  }
  return out;
}

}  // namespace broadcaster::plan
