// A prepared alert that an agency of tests has signed, and a night on which it is fired.
#pragma once

#include <algorithm>

#include "broadcaster/approval/prepared.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {

using namespace std::chrono_literals;
using plan::Hole;
using plan::HoleKind;
using Strings = std::vector<std::string>;

inline constexpr auto days = 24h;
/// Fired twenty days after it was signed.
inline base::WallTime night(int hour, int minute) { return at(hour, minute) + 20 * days; }

inline std::vector<plan::BasisPart> basis() {
  std::vector<plan::BasisPart> out;
  for (const auto part : plan::basis_parts) out.push_back({std::string(part), std::string(64, 'b')});
  return out;
}

inline std::vector<std::string> keys_of(const std::string& person) {
  return {key_id(agency().keys.at(person).public_key())};
}

inline void open_slots(plan::Plan& plan) {
  for (auto& zone : plan.zones) zone.onset.reset();
  plan.alert.zones = {{alert::ZoneId("pantai"), {}}};
  for (auto& message : plan.messages)
    if (auto* pieces = std::get_if<plan::Pieces>(&message.body))
      pieces->insert(pieces->begin() + 1, Hole{HoleKind::arrival, "HH.mm", 7h});
}

/// hendra, duty officer, may fire it; for one zone; arrival in 10 minutes to two hours.
inline plan::Form sample_form(alert::Mode mode = alert::Mode::live) {
  plan::Form out;
  out.plan = sample_plan(mode);
  auto calming = *out.plan.false_alarm;
  open_slots(out.plan);
  calming.alert.zones = out.plan.alert.zones;
  calming.zones = out.plan.zones;
  out.plan.false_alarm = std::make_shared<const plan::Plan>(std::move(calming));
  const plan::InfoTexts texts{
      alert::Language("id"), {"Tsunami"}, {"Tsunami di ", Hole{HoleKind::zones_short, "", 0min}}, {"x"}, {"y"}};
  out.order = {{1, {texts}, {}, {}}};
  out.false_alarm = out.order;
  out.lists = {{alert::Language("id"), " dan ", ", ", ", dan ", {{alert::ZoneId("pantai"), "Pantai", "Pantai"}}}};
  out.last = at(2, 0) + 100 * days;
  out.lasts = 3h;
  out.arrival = plan::ArrivalRange{10min, 2h};
  out.may_fire = {{"hendra", keys_of("hendra")}, {"bayu", keys_of("bayu")}};
  out.basis = basis();
  for (const auto& endpoint : out.plan.endpoints) out.endpoints.push_back({endpoint.name, std::string(64, 'e')});
  return out;
}

inline Signature sign_form(const std::string& person, Role role, const SignedForm& form, base::WallTime when) {
  return sign(agency().keys.at(person), role, form.form.plan.mode, digest(form), when).value();
}

inline SignedForm signed_form(plan::Form form = sample_form()) {
  auto out = unsigned_form(std::move(form));
  out.signatures = {sign_form("sari", Role::author, out, at(2, 0)), sign_form("bayu", Role::approver, out, at(2, 1)),
                    sign_form("ratna", Role::approver, out, at(2, 2))};
  return out;
}

inline plan::Today today_of(const plan::Form& form) {
  plan::Today out{basis(), {}};
  for (const auto& endpoint : form.plan.endpoints)
    out.endpoints.push_back({.name = endpoint.name,
                             .mode = form.plan.mode,
                             .addressing = plan::Addressing::targets,
                             .zones = {},
                             .fingerprint = endpoint.fingerprint,
                             .audience = endpoint.audience,
                             .route = endpoint.route,
                             .digest = std::string(64, 'e')});
  return out;
}

struct Night {
  SignedForm form = signed_form();
  plan::Today today = today_of(form.form);
  People people = agency().people();

  Strings voids(base::WallTime now = night(2, 0)) const { return ids(judge_form(form, people, today, now).voids); }
  Firing fired(const std::string& person = "hendra", Role role = Role::duty_officer,
               std::optional<base::WallTime> arrival = night(2, 35), base::WallTime when = night(2, 3)) const {
    return fire(agency().keys.at(person), role, form, {alert::ZoneId("pantai")}, arrival, when).value();
  }
  Strings refusals(const Firing& firing, base::WallTime now = night(2, 3)) const {
    return ids(firing_refusals(form, people, today, firing, now));
  }
  base::Result<AnyRelease> release(const Firing& firing, base::WallTime now = night(2, 3)) const {
    return release_prepared(form, people, today, {firing, {}, request(now)});
  }
  std::string outcome(const Firing& firing, base::WallTime now = night(2, 3)) const {
    const auto made = release(firing, now);
    return made ? "released" : made.error().text.id;
  }
  StoredRelease stored() const { return std::get<Release<alert::Mode::live>>(release(fired()).value()).stored(); }
};

}  // namespace broadcaster::approval
