#include "broadcaster/plan/make_form.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/plan/compose.hpp"
#include "broadcaster/plan/form_basis.hpp"
#include "broadcaster/plan/form_hearing.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/plan/reach.hpp"
#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;

void complain(Errors& errors, std::string key, base::Text text) {
  errors.push_back({.kind = base::ErrorKind::bad_input, .text = std::move(text), .place = {}, .key = std::move(key)});
}

std::vector<const alert::Zone*> zones_in(const PlanInput& input, const alert::Alert& alert) {
  std::vector<const alert::Zone*> out;
  for (const auto& order : alert.zones)
    if (const auto* zone = input.zones.find(order.zone)) out.push_back(zone);
  return out;
}

void check_words(const PlanInput& input, const Plan& plan, Errors& errors) {
  if (input.alert.type != alert::MessageType::alert) complain(errors, "msgType", {"plan.form_type", {}});
  for (const auto& what : plan.free_text)
    if (what.starts_with("infos[")) complain(errors, what, {"plan.form_typed", {{"what", what}}});
}

/// A slot stands in a text as it is: nothing is counted or chosen by it (pattern.hpp).
void check_patterns(const Template& words, Errors& errors) {
  const auto known = [](PatternUse use) {
    auto names = built_in_slots(use);
    for (auto& name : names)
      if (name.name == "zones" || name.name == "zones_short" || name.name == "arrival" || name.name == "until")
        name.kind = SlotName::Kind::hole;
    return names;
  };
  const auto check = [&](const std::string& pattern, PatternUse use) {
    auto names = known(use);
    for (const auto& slot : words.slots) names.push_back({slot.name, SlotName::Kind::text});
    if (auto wrong = check_pattern(pattern, names))
      complain(
          errors, "hazard",
          {"plan.form_pattern", {{"hazard", words.hazard}, {"language", words.language.value}, {"pattern", pattern}}});
  };
  for (const auto& [said, use] :
       {std::pair{&words.order, PatternUse::order_form}, std::pair{&words.false_alarm, PatternUse::false_alarm_form}}) {
    for (const auto& [_, fragments] : said->forms)
      for (const auto& fragment : fragments) {
        check(fragment.pattern, use);
        if (fragment.without_arrival) check(*fragment.without_arrival, use);
      }
    for (const auto& [_, pattern] : said->cap) check(pattern, PatternUse::cap);
  }
}

std::set<std::string> time_zones(const PlanInput& input, const Plan& plan) {
  std::set<std::string> out{input.agency.time_zone};
  for (const auto* zone : zones_in(input, plan.alert)) out.insert(zone->time_zone);
  for (const auto& endpoint : input.endpoints)
    if (!endpoint.time_zone.empty()) out.insert(endpoint.time_zone);
  return out;
}

/// A slot's offset from UTC is fixed now. Summer time is found by looking at every day.
void check_clocks(const PlanInput& input, const Plan& plan, base::WallTime last, Errors& errors) {
  for (const auto& zone : time_zones(input, plan))
    for (auto day = input.now; day < last + longest_prepared_life + std::chrono::days(1); day += std::chrono::days(1))
      if (utc_offset(zone, day) != utc_offset(zone, input.now)) {
        complain(errors, "prepared.last",
                 {"plan.form_clocks", {{"zone", zone}, {"date", base::format_utc(day).substr(0, 10)}}});
        break;
      }
}

std::vector<alert::Language> languages(const PlanInput& input, const Plan& plan) {
  std::vector<alert::Language> out;
  const auto add = [&](const alert::Language& language) {
    if (std::ranges::find(out, language) == out.end()) out.push_back(language);
  };
  for (const auto& info : plan.alert.infos) add(info.language);
  for (const auto& endpoint : input.endpoints)
    for (const auto& language : languages_of(endpoint, input.agency, input.templates, plan.alert.hazard)) add(language);
  return out;
}

std::vector<ZoneList> zone_lists(const PlanInput& input, const Plan& plan, Errors& errors) {
  std::vector<ZoneList> out;
  for (const auto& language : languages(input, plan)) {
    if (auto list = list_zones(zones_in(input, plan.alert), language, input.agency))
      out.push_back(std::move(*list));
    else
      complain(errors, "zones", {"plan.form_joining", {{"language", language.value}}});
  }
  return out;
}

/// An info's texts where it names `named` zones. Its words are the template's alone.
std::vector<InfoTexts> info_texts(const PlanInput& input, const Plan& plan, Speech speech, std::size_t named,
                                  Errors& errors) {
  std::vector<InfoTexts> out;
  auto zones = zones_in(input, plan.alert);
  zones.resize(std::min(named, zones.size()));
  const Addressees said{zones, input.agency.time_zone};
  for (const auto& info : plan.alert.infos) {
    const auto* words = input.templates.find(plan.alert.hazard, info.language);
    if (!words) {
      complain(errors, "languages", {"plan.form_language", {{"language", info.language.value}}});
      continue;
    }
    auto texts = render_cap_slots(*words, *wording(*words, speech),
                                  slot_values(plan.alert, input.agency, *words, said, input.now),
                                  utc_offset(input.agency.time_zone, input.now));
    if (!texts) {
      complain(errors, "languages", std::move(texts.error().text));
      continue;
    }
    out.push_back({info.language, std::move((*texts)["event"]), std::move((*texts)["headline"]),
                   std::move((*texts)["description"]), std::move((*texts)["instruction"])});
  }
  return out;
}

void add_findings(const std::vector<Finding>& found, Plan& plan) {
  for (const auto& one : found)
    if (std::ranges::find(plan.findings, one) == plan.findings.end()) plan.findings.push_back(one);
}

/// The texts of one speech: of one zone into `plan`, of several into what is given back.
std::vector<Naming> name_zones(const PlanInput& input, Speech speech, const std::vector<ZoneList>& lists, Plan& plan,
                               Errors& errors) {
  plan.messages.clear();
  plan.blocked.clear();
  compose(input, speech, Preparing{0, lists}, plan);
  std::vector<Naming> out;
  for (std::size_t named = 1; named <= plan.zones.size(); ++named) {
    auto several = plan;
    several.messages.clear();
    several.blocked.clear();
    several.findings.clear();
    compose(input, speech, Preparing{static_cast<int>(named), lists}, several);
    add_findings(several.findings, plan);
    out.push_back({static_cast<int>(named), info_texts(input, plan, speech, named, errors), std::move(several.messages),
                   std::move(several.blocked)});
  }
  return out;
}

std::vector<ListedPeople> people(const PlanInput& input, const Plan& plan) {
  std::vector<ListedPeople> out;
  for (const auto& audience : plan.audiences)
    if (const auto known = input.audiences.find(audience.name); known != input.audiences.end())
      for (const auto& standing : known->second.standing) out.push_back({audience.name, standing});
  return out;
}

/// A prepared false alarm is for the alert's own zones; whom that leaves out form_hearing.hpp says.
Plan of_its_zones(const Plan& plan) {
  auto out = *plan.false_alarm;
  const auto own = [&](const alert::ZoneId& zone) {
    return std::ranges::find(plan.zones, zone, &PlannedZone::id) != plan.zones.end();
  };
  out.zones = plan.zones;
  out.not_alerted = plan.not_alerted;
  out.audiences = plan.audiences;
  std::erase_if(out.alert.zones, [&](const alert::ZoneOrder& order) { return !own(order.zone); });
  std::erase_if(out.findings, [&](const Finding& one) { return !one.zone.value.empty() && !own(one.zone); });
  return out;
}

/// What firing fills is not there before.
void empty_slots(Plan& plan) {
  for (auto& info : plan.alert.infos) {
    info.onset.reset();
    info.expires.reset();
    for (auto* text : {&info.event, &info.headline, &info.description, &info.instruction}) text->clear();
  }
  for (auto& zone : plan.zones) zone.onset.reset();
}

/// Of the endpoints that the plan uses: the policy has kept back the others.
std::vector<Endpoint> used(const PlanInput& input, const Plan& plan) {
  std::vector<Endpoint> out;
  for (const auto& endpoint : input.endpoints)
    if (std::ranges::find(plan.endpoints, endpoint.name, &PlannedEndpoint::name) != plan.endpoints.end())
      out.push_back(endpoint);
  return out;
}

}  // namespace

base::Checked<Form> make_form(const FormInput& input) {
  auto plan = make_plan(input.plan);
  if (!plan) return std::unexpected(std::move(plan.error()));
  Errors errors;
  const auto endpoints = used(input.plan, *plan);
  auto from = input.plan;
  from.endpoints = endpoints;
  check_words(from, *plan, errors);
  for (const auto& words : from.templates.all)
    if (words.hazard == plan->alert.hazard) check_patterns(words, errors);
  check_clocks(from, *plan, input.terms.last, errors);
  Form form;
  form.lists = zone_lists(from, *plan, errors);
  if (!errors.empty() || !plan->false_alarm) return std::unexpected(std::move(errors));
  auto calming = of_its_zones(*plan);
  form.untold = untold_of(from, *plan);
  const auto today = endpoints_today(input.plan.endpoints, input.plan.traits);
  form.accounts = account_services(*plan, today);
  form.endpoints = bind_endpoints(today, plan->mode);
  form.people = people(from, *plan);
  form.order = name_zones(from, Speech::order, form.lists, *plan, errors);
  form.false_alarm = name_zones(from, Speech::false_alarm, form.lists, calming, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  empty_slots(*plan);
  empty_slots(calming);
  form.plan = std::move(*plan);
  form.plan.false_alarm = std::make_shared<const Plan>(std::move(calming));
  form.last = input.terms.last;
  form.lasts = input.terms.lasts;
  form.arrival = input.terms.arrival;
  form.tolerance_percent = input.terms.tolerance_percent;
  form.may_fire = input.may_fire;
  form.basis = input.basis;
  return form;
}

}  // namespace broadcaster::plan
