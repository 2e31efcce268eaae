#include "broadcaster/plan/make_plan.hpp"

#include <unicode/timezone.h>
#include <unicode/uvernum.h>

#include <algorithm>

#include "broadcaster/alert/all_clear.hpp"
#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/alert/lint.hpp"
#include "broadcaster/plan/all_clear.hpp"
#include "broadcaster/plan/characters.hpp"
#include "broadcaster/plan/compose.hpp"
#include "broadcaster/plan/free_text.hpp"
#include "broadcaster/plan/hearing.hpp"
#include "broadcaster/plan/lint.hpp"
#include "broadcaster/plan/local_time.hpp"
#include "broadcaster/plan/reach.hpp"
#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/values.hpp"
#include "broadcaster/plan/zone_languages.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;

/// A false alarm may be told after the alert itself has ended.

void complain(Errors& errors, base::ErrorKind kind, std::string key, base::Text text) {
  errors.push_back({.kind = kind, .text = std::move(text), .place = {}, .key = std::move(key)});
}

/// CAP's texts that a person left out come from the template, in the info's own language.
void fill_texts(const PlanInput& input, Speech speech, alert::Alert& alert) {
  Addressees everybody{{}, input.agency.time_zone};
  for (const auto& order : alert.zones)
    if (const auto* zone = input.zones.find(order.zone)) everybody.zones.push_back(zone);
  for (auto& info : alert.infos) {
    if (info.sender_name.empty()) info.sender_name = input.agency.name_in(info.language);
    if (info.web.empty()) info.web = input.agency.web;
    if (info.ending) continue;  // answer_zones() has given it its words
    const auto* words = input.templates.find(alert.hazard, info.language);
    if (!words || everybody.zones.empty()) continue;
    const auto values = slot_values(alert, input.agency, *words, everybody, input.now);
    auto texts = render_cap(*words, speech == Speech::order ? words->order : words->false_alarm, values);
    // A slot that nobody filled: the info stays as it is, and lint says what it lacks.
    if (!texts) continue;
    const auto fill = [&](std::string& place, const char* name) {
      if (place.empty()) place = (*texts)[name];
    };
    fill(info.event, "event");
    fill(info.headline, "headline");
    fill(info.description, "description");
    fill(info.instruction, "instruction");
  }
}

void check_alert(const PlanInput& input, const alert::Alert& alert, Plan& plan, Errors& errors) {
  for (auto& fault : alert::cap_faults(alert, input.now))
    complain(errors, base::ErrorKind::bad_input, fault.path, std::move(fault.text));
  for (auto& found : alert::lint_alert(alert, input.zones, input.now)) {
    switch (found.severity) {
      case alert::LintSeverity::error:
        complain(errors, base::ErrorKind::bad_input, found.element, std::move(found.text));
        break;
      case alert::LintSeverity::warning:
        plan.findings.push_back({found.rule, std::move(found.text), {}, {}, {}});
        break;
    }
  }
  // A cancel is prepared with the alert that it takes back; the others say nothing to people.
  if (alert.type != alert::MessageType::alert && alert.type != alert::MessageType::update)
    complain(errors, base::ErrorKind::bad_input, "msgType",
             {"plan.type_not_planned", {{"type", std::string(alert::name(alert.type))}}});
  if (!expiry_of(alert)) complain(errors, base::ErrorKind::bad_input, "expires", {"plan.no_expiry", {}});
  const auto hazards = input.templates.hazards();
  if (!alert.hazard.empty() && std::ranges::find(hazards, alert.hazard) == hazards.end())
    complain(errors, base::ErrorKind::bad_input, "hazard", {"plan.no_template", {{"hazard", alert.hazard}}});
  for (const auto& words : input.templates.all)
    if (words.hazard == alert.hazard && words.mode && *words.mode != plan.mode) {
      complain(errors, base::ErrorKind::refused, "hazard",
               {"plan.template_mode",
                {{"hazard", alert.hazard}, {"mode", base::Key{"plan.mode_" + std::string(alert::name(*words.mode))}}}});
      break;
    }
}

/// What a person typed, where it was typed; the names of zones are shown under the zones.
void check_characters(const PlanInput& input, const alert::Alert& alert, Errors& errors) {
  const auto line = [&](const std::string& key, const std::string& text) {
    if (const auto c = forbidden_in_line(text))
      complain(errors, base::ErrorKind::bad_input, key, {"plan.characters", {{"code", code_of(*c)}}});
  };
  const auto lines = [&](const std::string& key, const std::string& text) {
    if (const auto c = forbidden_in_text(text))
      complain(errors, base::ErrorKind::bad_input, key, {"plan.characters", {{"code", code_of(*c)}}});
  };
  const bool can_mention = std::ranges::any_of(input.endpoints, [&](const Endpoint& endpoint) {
    const auto* traits = find_traits(input.traits, endpoint.channel);
    return traits && traits->measure == Measure::mastodon_characters;
  });
  const auto typed = [&](const std::string& key, const std::string& text) {
    line(key, text);
    if (const auto mention = mention_in(text); mention && can_mention)
      complain(errors, base::ErrorKind::bad_input, key, {"plan.mention", {{"mention", *mention}}});
  };
  for (const auto& slot : alert.slots) typed("slots." + slot.name, slot.value);
  typed("confirmation", alert.confirmation);
  for (std::size_t i = 0; i < alert.infos.size(); ++i) {
    const auto& info = alert.infos[i];
    const auto path = "info[" + std::to_string(i) + "].";
    line(path + "event", info.event);
    line(path + "headline", info.headline);
    lines(path + "description", info.description);
    lines(path + "instruction", info.instruction);
  }
  for (const auto& order : alert.zones)
    if (const auto* zone = input.zones.find(order.zone))
      for (const auto* names : {&zone->names, &zone->short_names})
        for (const auto& [language, name] : *names)
          if (const auto c = forbidden_in_line(name))
            complain(errors, base::ErrorKind::bad_input, "zones",
                     {"plan.zone_characters", {{"zone", zone->id.value}, {"code", code_of(*c)}}});
}

/// A sentence of another hazard that a person typed, or copied, leads everybody wrong: that is the alert’s fault.
void check_guidance(const PlanInput& input, const alert::Alert& alert, Errors& errors) {
  if (alert::is_all_clear(alert)) return;  // its texts are the template's: it orders nothing
  for (std::size_t i = 0; i < alert.infos.size(); ++i) {
    const auto& info = alert.infos[i];
    const auto* words = input.templates.find(alert.hazard, info.language);
    if (!words) continue;
    const auto foreign = input.templates.foreign_to(*words);
    for (const auto& [key, text] : {std::pair{"headline", &info.headline}, std::pair{"instruction", &info.instruction}})
      for (const auto& one : foreign)
        if (says(*text, one.phrase))
          complain(errors, base::ErrorKind::bad_input, "info[" + std::to_string(i) + "]." + key,
                   {"plan.foreign_guidance", {{"phrase", one.phrase}, {"hazard", one.hazard}}});
  }
}

/// What the agency’s own table says to this level and these channels.
void check_policy(const PlanInput& input, const alert::Alert& alert, Plan& plan, Errors& errors) {
  const auto* rule = rule_for(input.policy, alert);
  if (rule) {
    if (const auto response = forbidden_response(*rule, alert); response && !alert::is_all_clear(alert))
      complain(errors, base::ErrorKind::refused, "responseType",
               {"plan.policy_guidance",
                {{"response", std::string(alert::name(*response))},
                 {"level", alert.level.empty() ? "–" : alert.level},
                 {"line", std::int64_t{rule->place.line}}}});
    for (const auto& endpoint : input.endpoints)
      if (!may_use(*rule, endpoint.channel))
        plan.findings.push_back({"policy_channel",
                                 {"plan.policy_channel",
                                  {{"channel", endpoint.channel},
                                   {"level", alert.level.empty() ? "–" : alert.level},
                                   {"line", std::int64_t{rule->place.line}}}},
                                 endpoint.name,
                                 {},
                                 {}});
  }
  constexpr Priority threatens_life = 1;
  if (!input.policy.quiet || plan.mode != alert::Mode::live || plan.priority <= threatens_life) return;
  const auto local = input.now + utc_offset(input.agency.time_zone, input.now);
  const auto of_day = std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::days>(local));
  if (is_quiet(*input.policy.quiet, of_day))
    plan.findings.push_back({"quiet_hours", {"plan.quiet_hours", {}}, {}, {}, {}});
}

void check_endpoints(const PlanInput& input, alert::Mode mode, Errors& errors) {
  bool any = false;
  for (const auto& endpoint : input.endpoints) {
    if (endpoint.mode != mode)
      complain(errors, base::ErrorKind::refused, endpoint.name.value,
               {"plan.mode_conflict",
                {{"endpoint", endpoint.name.value},
                 {"mode", base::Key{"plan.mode_" + std::string(alert::name(endpoint.mode))}},
                 {"wanted", base::Key{"plan.mode_" + std::string(alert::name(mode))}}}});
    if (!find_traits(input.traits, endpoint.channel))
      complain(errors, base::ErrorKind::bad_input, endpoint.name.value,
               {"plan.endpoint_channel", {{"found", endpoint.channel}, {"known", ""}}});
    if (!may_use(endpoint, input.alert.status)) continue;
    any = true;
    for (const auto& zone : endpoint.zones)
      if (!input.zones.find(zone))
        complain(errors, base::ErrorKind::bad_input, endpoint.name.value,
                 {"plan.endpoint_zone", {{"zone", zone.value}, {"endpoint", endpoint.name.value}}});
    if (!endpoint.audience.empty() && !input.audiences.contains(endpoint.audience))
      complain(errors, base::ErrorKind::bad_input, endpoint.name.value,
               {"plan.audience_missing", {{"audience", endpoint.audience}}});
  }
  if (!any) complain(errors, base::ErrorKind::bad_input, "", {"plan.no_endpoints", {}});
}

PlannedZone planned(const PlanInput& input, const alert::Zone& zone) {
  PlannedZone out{zone.id, zone.names, zone.people, zone.floor_percent, {}, onset_of(input.alert, zone.id)};
  for (const auto& siren : input.sirens)
    if (siren.zone == zone.id) out.sirens.push_back(siren.id.value);
  std::ranges::sort(out.sirens);
  return out;
}

void describe_zones(const PlanInput& input, Plan& plan) {
  for (const auto& order : plan.alert.zones)
    if (const auto* zone = input.zones.find(order.zone)) plan.zones.push_back(planned(input, *zone));
  if (alert::is_all_clear(plan.alert)) return;  // it speaks to those who were alerted
  for (const auto& id : alert::reachable_but_not_alerted(plan.alert, input.zones)) {
    plan.not_alerted.push_back(planned(input, *input.zones.find(id)));
    plan.not_alerted.back().onset.reset();  // nobody has said when it would reach them
  }
}

void describe_endpoints(const PlanInput& input, Plan& plan) {
  for (const auto& endpoint : input.endpoints) {
    if (!may_use(endpoint, plan.alert.status)) continue;
    const auto& traits = *find_traits(input.traits, endpoint.channel);
    plan.endpoints.push_back({endpoint.name, endpoint.channel, endpoint.route, destination(endpoint, traits),
                              fingerprint(endpoint, traits), endpoint.audience, endpoint.rate_per_second,
                              endpoint.in_flight, traits.intent, endpoint.on_unknown, endpoint.reconcile_after});
    auto route = std::ranges::find(plan.routes, endpoint.route, &PlannedRoute::name);
    if (route == plan.routes.end()) route = plan.routes.insert(route, {endpoint.route, {}});
    route->endpoints.push_back(endpoint.name);
    for (const auto& language : languages_without_words(endpoint, input.agency, input.templates, plan.alert.hazard))
      plan.findings.push_back({"language_without_words",
                               {"plan.language_without_words", {{"language", language.value}}},
                               endpoint.name,
                               language,
                               {}});
  }
}

void describe_audiences(const PlanInput& input, Plan& plan) {
  for (const auto& endpoint : plan.endpoints) {
    const auto known = std::ranges::find(plan.audiences, endpoint.audience, &PlannedAudience::name);
    if (endpoint.audience.empty() || known != plan.audiences.end()) continue;
    const auto& snapshot = input.audiences.at(endpoint.audience);
    plan.audiences.push_back(
        {endpoint.audience, snapshot.digest, of_zones(snapshot.counts, plan.zones), snapshot.skipped});
    const auto finding = [&](const char* rule, const char* text, std::int64_t count) {
      if (count > 0)
        plan.findings.push_back(
            {rule, {text, {{"audience", endpoint.audience}, {"count", count}}}, endpoint.name, {}, {}});
    };
    finding("rows_skipped", "plan.rows_skipped", snapshot.skipped);
    finding("other_language", "plan.other_language", snapshot.other_language);
    if (snapshot.recipients == 0)
      plan.findings.push_back(
          {"nobody", {"plan.audience_empty", {{"audience", endpoint.audience}}}, endpoint.name, {}, {}});
  }
}

/// Evidence only: what is sent are the plan's bytes, whatever these become later.
std::vector<alert::NamedValue> rendering_libraries() {
  UErrorCode status = U_ZERO_ERROR;
  const char* zones = icu::TimeZone::getTZDataVersion(status);
  return {{"icu", U_ICU_VERSION}, {"tzdata", U_SUCCESS(status) ? zones : ""}};
}

/// The alert that takes it back. Its reference is filled at release, when the original has an identifier.
alert::Alert false_alarm_of(const PlanInput& input, const alert::Alert& original) {
  auto out = original;
  out.identifier.clear();
  out.sent.reset();
  out.type = alert::MessageType::cancel;
  out.references.clear();
  for (auto& info : out.infos) {
    info.responses = {alert::ResponseType::all_clear};
    info.urgency = alert::Urgency::past;
    info.certainty = alert::Certainty::unlikely;
    info.onset.reset();
    info.effective.reset();
    if (info.expires) *info.expires += false_alarm_life;
    info.headline.clear();
    info.description.clear();
    info.instruction.clear();
  }
  for (auto& zone : out.zones) zone.onset.reset();
  fill_texts(input, Speech::false_alarm, out);
  return out;
}

Plan header(const PlanInput& input, alert::Alert alert) {
  Plan plan;
  plan.mode = alert::rule_of(alert.status).mode;
  plan.author = input.author;
  plan.made_at = input.now;
  plan.release_within = input.release_within;
  plan.expires = expiry_of(alert).value_or(input.now);
  plan.priority = priority(alert);
  plan.code_prefix = input.agency.code_prefix(plan.mode);
  plan.made_with = rendering_libraries();
  plan.alert = std::move(alert);
  return plan;
}

/// Zones in hearing, with the people of the same snapshots; no siren there sounds.
void add_hearing(const PlanInput& input, std::span<const Heard> heard, Plan& plan) {
  for (const auto& one : heard) {
    plan.alert.zones.push_back({one.zone->id, std::nullopt});
    plan.zones.push_back({one.zone->id, one.zone->names, one.zone->people, 0, {}, std::nullopt});
    std::erase_if(plan.not_alerted, [&](const PlannedZone& zone) { return zone.id == one.zone->id; });
  }
  for (auto& audience : plan.audiences)
    audience.counts = of_zones(input.audiences.at(audience.name).counts, plan.zones);
}

Plan make_false_alarm(const PlanInput& input, const Plan& original) {
  auto plan = header(input, false_alarm_of(input, original.alert));
  // Whoever was woken is calmed as urgently.
  plan.priority = original.priority;
  plan.zones = original.zones;
  plan.not_alerted = original.not_alerted;
  plan.routes = original.routes;
  plan.endpoints = original.endpoints;
  plan.audiences = original.audiences;
  const auto heard = in_hearing(original.alert, input.sirens, commanded_sirens(original), input.zones);
  add_hearing(input, heard, plan);
  compose(input, Speech::false_alarm, plan, heard);
  return plan;
}

}  // namespace

const Policy& no_policy() {
  static const Policy none;
  return none;
}

base::Checked<Plan> make_plan(const PlanInput& whole) {
  Errors errors;
  // What the policy keeps back is not there for the rest of the plan; check_policy() says so.
  std::vector<Endpoint> used(whole.endpoints.begin(), whole.endpoints.end());
  if (const auto* rule = rule_for(whole.policy, whole.alert))
    std::erase_if(used, [&](const Endpoint& endpoint) { return !may_use(*rule, endpoint.channel); });
  auto input = whole;
  input.endpoints = used;
  auto alert = input.alert;
  if (alert.sender.empty()) alert.sender = input.agency.sender;
  const auto speech = alert::is_all_clear(alert) ? Speech::all_clear : Speech::order;
  if (speech == Speech::all_clear) answer_zones(input, alert);
  fill_texts(input, Speech::order, alert);
  auto plan = header(input, std::move(alert));
  plan.free_text = free_text(whole);
  check_alert(input, plan.alert, plan, errors);
  check_guidance(input, plan.alert, errors);
  check_policy(whole, plan.alert, plan, errors);
  check_characters(input, plan.alert, errors);
  check_endpoints(input, plan.mode, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  describe_zones(input, plan);
  describe_endpoints(input, plan);
  describe_audiences(input, plan);
  compose(input, speech, plan);
  for (auto& found : unspoken_languages(plan, input.zones)) plan.findings.push_back(std::move(found));
  if (plan.messages.empty()) {
    complain(errors, base::ErrorKind::bad_input, "", {"plan.nothing_left", {}});
    for (auto& blocked : plan.blocked)
      complain(errors, base::ErrorKind::bad_input, blocked.endpoint.value, std::move(blocked.reason));
    return std::unexpected(std::move(errors));
  }
  if (!sirens_have_words(plan)) {
    complain(errors, base::ErrorKind::refused, "", {"plan.siren_without_words", {}});
    return std::unexpected(std::move(errors));
  }
  // That it is over can be wrong, but taking it back is a new alert: it says that there is a danger.
  if (speech == Speech::all_clear) return plan;
  auto false_alarm = make_false_alarm(input, plan);
  if (!false_alarm.blocked.empty())
    plan.findings.push_back(
        {"false_alarm_blocked",
         {"plan.false_alarm_blocked", {{"count", static_cast<std::int64_t>(false_alarm.blocked.size())}}},
         {},
         {},
         {}});
  plan.false_alarm = std::make_shared<const Plan>(std::move(false_alarm));
  return plan;
}

}  // namespace broadcaster::plan
