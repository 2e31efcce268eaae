#include "broadcaster/approval/prepared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "broadcaster/approval/confirm.hpp"
#include "broadcaster/approval/sound.hpp"
#include "broadcaster/base/canonical_json.hpp"

namespace broadcaster::approval {
namespace {

using base::Text;
using base::WallTime;

constexpr Role roles_that_fire[] = {Role::duty_officer, Role::approver, Role::canceller, Role::author};

std::unexpected<base::Error> refuse(Text text) { return base::fail(base::ErrorKind::refused, std::move(text)); }

std::optional<Role> role_of(const Person& person) {
  for (const auto role : roles_that_fire)
    if (person.has(role)) return role;
  return std::nullopt;
}

bool counts(const PersonKey& key, WallTime now) { return !key.is_revoked(now) && !key.has_expired(now); }

/// Whether this person can still fire: with a role, and with a key that the form knows and that counts.
bool is_able(const plan::Firer& firer, const People& people, WallTime now) {
  const auto* person = people.find(firer.person);
  return person && role_of(*person) && std::ranges::any_of(person->keys, [&](const PersonKey& key) {
           return counts(key, now) && std::ranges::find(firer.keys, key.id) != firer.keys.end();
         });
}

std::string date_of(WallTime time) { return base::format_utc(time).substr(0, 10); }

std::vector<alert::ZoneId> all_zones(const plan::Form& form) {
  std::vector<alert::ZoneId> out;
  for (const auto& zone : form.plan.zones) out.push_back(zone.id);
  return out;
}

void check_mode(const plan::Plan& plan, std::vector<Text>& out) {
  const auto& rule = alert::rule_of(plan.alert.status);
  if (rule.reach == alert::Reach::nobody) out.push_back({"approval.draft", {}});
  if (rule.mode != plan.mode || (plan.false_alarm && plan.false_alarm->mode != plan.mode))
    out.push_back({"approval.form_mode", {}});
}

/// What was changed is the root cause of what is missing (judge.cpp).
void check_signatures(const FormJudgement& judgement, std::vector<Text>& out) {
  if (judgement.approved()) return;
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt == Doubt::unfit) out.push_back(verdict.reason);
  if (!judgement.author_signed) out.push_back({"approval.author_missing", {}});
  if (judgement.approvals < judgement.needed)
    out.push_back({"approval.quorum_missing",
                   {{"have", std::int64_t{judgement.approvals}}, {"needed", std::int64_t{judgement.needed}}}});
  for (const auto& verdict : judgement.signatures)
    if (verdict.doubt && verdict.doubt != Doubt::unfit && verdict.doubt != Doubt::replaced)
      out.push_back(verdict.reason);
}

void check_firers(const plan::Form& form, const People& people, WallTime now, FormJudgement& out) {
  std::size_t able = 0;
  for (const auto& firer : form.may_fire) {
    if (is_able(firer, people, now))
      ++able;
    else
      out.warnings.push_back({"approval.firer_lost", {{"person", firer.person}}});
  }
  if (able == 0) out.voids.push_back({"approval.form_nobody_left", {}});
}

/// Does this signature fire this form so? Whoever is named may, in any role that they have.
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
  auto verdict = weigh_firing(signed_form, people, firing, now);
  if (verdict.doubt) return std::move(verdict.reason);
  return std::nullopt;
}

}  // namespace

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
    if (!person || !role_of(*person)) complain("persons", {"approval.firer_unknown", {{"person", id}}});
  }
  std::vector<plan::Firer> out;
  for (const auto& person : people.persons) {
    const bool by_role = std::ranges::any_of(
        person.roles, [&](Role role) { return std::ranges::find(roles, name(role)) != roles.end(); });
    if (!by_role && std::ranges::find(persons, person.id) == persons.end()) continue;
    plan::Firer firer{person.id, {}};
    for (const auto& key : person.keys)
      if (counts(key, now)) firer.keys.push_back(key.id);
    if (!firer.keys.empty()) out.push_back(std::move(firer));
  }
  if (errors.empty() && out.empty()) complain("roles", {"approval.firer_none", {}});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

FormJudgement judge_form_signatures(const SignedForm& signed_form, const People& people, WallTime now) {
  Question question{.role = Role::author,
                    .mode = signed_form.form.plan.mode,
                    .digest = digest(signed_form),
                    .author = signed_form.form.plan.author,
                    .now = now};
  std::vector<Signature> as_author, others;
  for (const auto& signature : signed_form.signatures)
    (signature.role == Role::author ? as_author : others).push_back(signature);
  FormJudgement out;
  out.signatures = weigh(as_author, people, question);
  out.author_signed = counted(out.signatures) > 0;
  question.role = Role::approver;
  auto approvals = weigh(others, people, question);
  out.approvals = counted(approvals);
  std::ranges::move(approvals, std::back_inserter(out.signatures));
  out.needed = people.approvals_needed_prepared(signed_form.form.plan.alert);
  return out;
}

FormJudgement judge_form(const SignedForm& signed_form, const People& people, const plan::Today& today, WallTime now) {
  const auto& form = signed_form.form;
  auto out = judge_form_signatures(signed_form, people, now);
  if (plan::canonical(form) != signed_form.canonical) out.voids.push_back({"approval.plan_differs", {}});
  if (now > form.last) out.voids.push_back({"plan.form_over", {{"date", date_of(form.last)}}});
  if (form.last > form.plan.made_at + plan::longest_preparation)
    out.voids.push_back({"plan.form_last_late", {{"days", std::int64_t{plan::longest_preparation.count()}}}});
  if (form.plan.release_within > people.release_within) out.voids.push_back({"approval.form_within", {}});
  std::ranges::move(changes_since(form, today), std::back_inserter(out.voids));
  check_mode(form.plan, out.voids);
  check_signatures(out, out.voids);
  check_firers(form, people, now, out);
  for (auto& fault : faults(fill_form(form, plan::sample_slots(form, all_zones(form), form.plan.made_at))))
    out.voids.push_back(std::move(fault));
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

base::Result<Role> firing_role(const SignedForm& signed_form, const People& people, const std::string& person) {
  const auto& named = signed_form.form.may_fire;
  if (std::ranges::find(named, person, &plan::Firer::person) == named.end())
    return refuse({"approval.fire_not_named", {{"person", person}}});
  const auto* known = people.find(person);
  const auto role = known ? role_of(*known) : std::nullopt;
  if (!role) return refuse({"approval.firer_unknown", {{"person", person}}});
  return *role;
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
