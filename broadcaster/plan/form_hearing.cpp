#include "broadcaster/plan/form_hearing.hpp"

#include <algorithm>

#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/plan/reach.hpp"

namespace broadcaster::plan {
namespace {

bool is_fired(const Plan& plan, const alert::ZoneId& zone) {
  return std::ranges::find(plan.zones, zone, &PlannedZone::id) != plan.zones.end();
}

bool sounds_in(const Plan& plan, const alert::ZoneId& zone) {
  return std::ranges::any_of(plan.messages, [&](const Message& message) {
    return message.zone == zone && std::holds_alternative<SirenProgram>(message.body);
  });
}

Blocked gap(const Endpoint& endpoint, const ChannelTraits& traits, const alert::Language& language,
            const alert::ZoneId& zone, std::int64_t recipients) {
  return {
      endpoint.name, language, zone, std::string(traits.form), base::Text{"plan.form_untold", {{"zone", zone.value}}},
      recipients};
}

void add_gaps(const PlanInput& input, const Plan& plan, Untold& untold) {
  for (const auto& endpoint : input.endpoints) {
    if (!may_use(endpoint, plan.alert.status) || !serves(endpoint, untold.zone)) continue;
    const auto& traits = *find_traits(input.traits, endpoint.channel);
    switch (traits.addressing) {
      case Addressing::account:
        untold.gaps.push_back(gap(endpoint, traits, input.agency.default_language, untold.zone, 0));
        break;
      case Addressing::audience:
        for (const auto& count : input.audiences.at(endpoint.audience).counts)
          if (count.zone == untold.zone && count.recipients > 0)
            untold.gaps.push_back(gap(endpoint, traits, count.language, untold.zone, count.recipients));
        break;
      case Addressing::targets:
        break;  // its own sirens stay silent: they have said nothing that must be taken back
    }
  }
}

bool speaks_to_a_fired_zone(const Form& form, const EndpointName& endpoint, const Plan& fired) {
  const auto account = std::ranges::find(form.accounts, endpoint, &Service::endpoint);
  return account != form.accounts.end() &&
         std::ranges::any_of(account->zones, [&](const alert::ZoneId& zone) { return is_fired(fired, zone); });
}

}  // namespace

std::vector<Untold> untold_of(const PlanInput& input, const Plan& plan) {
  const auto sounding = commanded_sirens(plan);
  std::vector<Untold> out;
  for (const auto& order : plan.alert.zones) {
    auto alone = plan.alert;
    alone.zones = {order};
    for (const auto& heard : in_hearing(alone, input.sirens, sounding, input.zones)) {
      auto known = std::ranges::find(out, heard.zone->id, &Untold::zone);
      if (known == out.end()) known = out.insert(out.end(), {heard.zone->id, {}, {}});
      known->sirens_of.push_back(order.zone);
    }
  }
  for (auto& one : out) add_gaps(input, plan, one);
  return out;
}

std::vector<Blocked> untold_when_fired(const Form& form, const Plan& fired) {
  std::vector<Blocked> out;
  for (const auto& one : form.untold) {
    const bool hears = std::ranges::any_of(
        one.sirens_of, [&](const alert::ZoneId& zone) { return is_fired(fired, zone) && sounds_in(fired, zone); });
    if (is_fired(fired, one.zone) || !hears) continue;
    for (const auto& missed : one.gaps)
      if (!speaks_to_a_fired_zone(form, missed.endpoint, fired)) out.push_back(missed);
  }
  return out;
}

}  // namespace broadcaster::plan
