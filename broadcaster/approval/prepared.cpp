#include "broadcaster/approval/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using base::WallTime;

constexpr Role roles_that_fire[] = {Role::duty_officer, Role::approver, Role::canceller, Role::author};

std::unexpected<base::Error> refuse(Text text) { return base::fail(base::ErrorKind::refused, std::move(text)); }

/// Whoever was named for a role, for that one; whoever was named himself, for any that he has.
bool is_named_for(const plan::Firer& firer, Role role) {
  return firer.roles.empty() || std::ranges::find(firer.roles, name(role)) != firer.roles.end();
}

std::optional<Role> role_of(const Person& person, const plan::Firer& firer) {
  for (const auto role : roles_that_fire)
    if (person.has(role) && is_named_for(firer, role)) return role;
  return std::nullopt;
}

bool counts(const PersonKey& key, WallTime now) { return !key.is_revoked(now) && !key.has_expired(now); }

Text not_for_role(const plan::Firer& firer) {
  std::string roles;
  for (const auto& role : firer.roles) roles += (roles.empty() ? "" : ", ") + role;
  return {"approval.fire_role_gone", {{"person", firer.person}, {"roles", roles}}};
}

/// Does this signature fire this form so?
Verdict weigh_firing(const SignedForm& signed_form, const People& people, const Firing& firing, WallTime now) {
  const auto role = firing.signature.role;
  const Question question{.role = role,
                          .mode = signed_form.form.plan.mode,
                          .digest = firing_digest(digest(signed_form), firing.zones, firing.arrival),
                          .author = role == Role::author ? firing.signature.person : std::string(),
                          .now = now};
  return weigh(std::array{firing.signature}, people, question).front();
}

std::optional<Text> firer_refusal(const SignedForm& signed_form, const People& people, const Firing& firing,
                                  WallTime now) {
  const auto& named = signed_form.form.may_fire;
  const auto firer = std::ranges::find(named, firing.signature.person, &plan::Firer::person);
  if (firer == named.end()) return Text{"approval.fire_not_named", {{"person", firing.signature.person}}};
  if (std::ranges::find(firer->keys, firing.signature.key_id) == firer->keys.end())
    return Text{"approval.fire_new_key", {{"person", firing.signature.person}, {"key", firing.signature.key_id}}};
  if (!is_named_for(*firer, firing.signature.role)) return not_for_role(*firer);
  auto verdict = weigh_firing(signed_form, people, firing, now);
  if (verdict.doubt) return std::move(verdict.reason);
  return std::nullopt;
}

}  // namespace

bool can_fire(const plan::Firer& firer, const People& people, WallTime now) {
  const auto* person = people.find(firer.person);
  return person && role_of(*person, firer) && std::ranges::any_of(person->keys, [&](const PersonKey& key) {
           return counts(key, now) && std::ranges::find(firer.keys, key.id) != firer.keys.end();
         });
}

SignedForm unsigned_form(plan::Form form) {
  auto bytes = plan::canonical(form);
  return {.form = std::move(form), .canonical = std::move(bytes), .signatures = {}};
}

base::Digest digest(const SignedForm& signed_form) { return base::sha256(signed_form.canonical); }

base::Checked<std::vector<plan::Firer>> firers(const People& people, const std::vector<std::string>& roles,
                                               const std::vector<std::string>& persons, WallTime now) {
  base::Errors errors;
  const auto complain = [&](const char* key, Text text) {
    errors.push_back({base::ErrorKind::bad_input, std::move(text), {}, std::string("prepared.may_fire.") + key});
  };
  const auto known_role = [](const std::string& text) {
    return std::ranges::any_of(roles_that_fire, [&](Role role) { return name(role) == text; });
  };
  for (const auto& role : roles)
    if (!known_role(role)) complain("roles", {"approval.role_unknown", {{"found", role}}});
  for (const auto& id : persons) {
    const auto* person = people.find(id);
    if (!person || !role_of(*person, {})) complain("persons", {"approval.firer_unknown", {{"person", id}}});
  }
  std::vector<plan::Firer> out;
  for (const auto& person : people.persons) {
    plan::Firer firer{person.id, {}, {}};
    // Named himself and for a role: as himself.
    const bool by_name = std::ranges::find(persons, person.id) != persons.end();
    for (const auto role : roles_that_fire)
      if (!by_name && person.has(role) && std::ranges::find(roles, name(role)) != roles.end())
        firer.roles.emplace_back(name(role));
    if (!by_name && firer.roles.empty()) continue;
    for (const auto& key : person.keys)
      if (counts(key, now)) firer.keys.push_back(key.id);
    if (!firer.keys.empty()) out.push_back(std::move(firer));
  }
  if (errors.empty() && out.empty()) complain("roles", {"approval.firer_none", {}});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

base::Digest firing_digest(const base::Digest& form, const std::vector<alert::ZoneId>& zones,
                           const std::optional<WallTime>& arrival) {
  boost::json::array names;
  for (const auto& zone : zones) names.emplace_back(zone.value);
  return base::sha256(base::canonical_json(boost::json::object{
      {"authority", name(Authority::prepared)},
      {"form", base::hex(form)},
      {"zones", std::move(names)},
      {"arrival", arrival ? boost::json::value(base::format_utc(*arrival)) : boost::json::value(nullptr)}}));
}

Beside beside(const Firing& in_force, const Firing& firing) {
  const bool meet = std::ranges::any_of(firing.zones, [&](const alert::ZoneId& zone) {
    return std::ranges::find(in_force.zones, zone) != in_force.zones.end();
  });
  if (!meet) return Beside::none;
  if (firing.zones != in_force.zones || firing.arrival.has_value() != in_force.arrival.has_value())
    return Beside::other;
  if (!firing.arrival || std::chrono::abs(*firing.arrival - *in_force.arrival) <= arrivals_apart) return Beside::same;
  return Beside::other;
}

base::Result<Role> firing_role(const SignedForm& signed_form, const People& people, const std::string& person) {
  const auto& named = signed_form.form.may_fire;
  const auto firer = std::ranges::find(named, person, &plan::Firer::person);
  if (firer == named.end()) return refuse({"approval.fire_not_named", {{"person", person}}});
  const auto* known = people.find(person);
  const auto role = known ? role_of(*known, *firer) : std::nullopt;
  if (role) return *role;
  if (!known || firer->roles.empty()) return refuse({"approval.firer_unknown", {{"person", person}}});
  return refuse(not_for_role(*firer));
}

base::Result<Firing> fire(const UnlockedKey& key, Role role, const SignedForm& signed_form,
                          std::vector<alert::ZoneId> zones, std::optional<WallTime> arrival, WallTime now) {
  auto signature = sign(key, role, signed_form.form.plan.mode, firing_digest(digest(signed_form), zones, arrival), now);
  if (!signature) return std::unexpected(signature.error());
  return Firing{.zones = std::move(zones), .arrival = arrival, .signature = std::move(*signature)};
}

plan::Slots slots_of(const Firing& firing, std::vector<plan::PlannedAudience> audiences) {
  return {
      .at = firing.signature.at, .zones = firing.zones, .arrival = firing.arrival, .audiences = std::move(audiences)};
}

std::vector<Text> firing_refusals(const SignedForm& signed_form, const People& people, const plan::Today& today,
                                  const Firing& firing, WallTime now) {
  auto judgement = judge_form(signed_form, people, today, now);
  auto out = std::move(judgement.voids);
  if (auto refusal = firer_refusal(signed_form, people, firing, now)) out.push_back(std::move(*refusal));
  if (auto refusal = slot_refusal(signed_form.form, slots_of(firing, {}))) out.push_back(std::move(*refusal));
  // R45 (d): what was signed long ago was decided about another moment; and an arrival that is past says no more
  // "from 02.35" to anybody.
  if (now - firing.signature.at > signed_form.form.plan.release_within) out.push_back({"approval.fire_stale", {}});
  if (firing.arrival && *firing.arrival <= now) out.push_back({"approval.fire_arrival_passed", {}});
  return out;
}

base::Result<void> check_stored_firing(const StoredRelease& stored, const plan::Plan& plan, const People& people) {
  const auto broken = [] { return refuse({"approval.stored_release_broken", {}}); };
  if (stored.false_alarm || !stored.fired) return broken();
  auto form = plan::parse_form(stored.fired->canonical_form, "journal");
  if (!form) return std::unexpected(form.error());
  const SignedForm signed_form{std::move(*form), stored.fired->canonical_form, stored.signatures};
  const auto& firing = stored.fired->firing;
  if (!judge_form_signatures(signed_form, people, stored.released_at).approved() ||
      firer_refusal(signed_form, people, firing, stored.released_at))
    return broken();
  const auto slots = slots_of(firing, plan.audiences);
  if (slot_refusal(signed_form.form, slots) ||
      plan::canonical(fill_form(signed_form.form, slots)) != stored.canonical_plan)
    return broken();
  return {};
}

std::string expected_form_confirmation(const plan::Form& form) {
  switch (form.plan.mode) {
    case alert::Mode::live:
      return fmt::format("LIVE PREPARED {} {}", form.plan.alert.hazard, form.plan.zones.size());
    case alert::Mode::drill:
      return {};
  }
  return {};
}

bool form_confirmed(std::string_view typed, const plan::Form& form) {
  return same_typed(typed, expected_form_confirmation(form));
}

std::vector<std::string> to_accept(const plan::Form& form) {
  auto rules = to_accept(form.plan);
  for (const auto* namings : {&form.order, &form.false_alarm})
    for (const auto& naming : *namings)
      if (!naming.blocked.empty() && std::ranges::find(rules, "blocked") == rules.end()) rules.emplace_back("blocked");
  if (!form.untold.empty() && std::ranges::find(rules, "blocked") == rules.end()) rules.emplace_back("blocked");
  std::ranges::sort(rules);
  return rules;
}

}  // namespace broadcaster::approval
