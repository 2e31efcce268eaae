#include <boost/json.hpp>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/plan/plan_json.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

namespace json = boost::json;

template <class List, class ToJson>
json::array list(const List& items, ToJson to) {
  json::array out;
  out.reserve(items.size());
  for (const auto& item : items) out.push_back(to(item));
  return out;
}

json::array texts(const std::vector<std::string>& items) {
  return list(items, [](const std::string& item) { return json::value(item); });
}

json::value optional_time(const std::optional<base::WallTime>& time) {
  return time ? json::value(base::format_utc(*time)) : json::value(nullptr);
}

json::object text_json(const base::Text& text) {
  const auto argument = [](const auto& entry) {
    json::object out{{"name", entry.first}};
    if (const auto* plain = std::get_if<std::string>(&entry.second)) out["text"] = *plain;
    if (const auto* whole = std::get_if<std::int64_t>(&entry.second)) out["whole"] = *whole;
    if (const auto* key = std::get_if<base::Key>(&entry.second)) out["key"] = key->id;
    return out;
  };
  return {{"id", text.id}, {"arguments", list(text.arguments, argument)}};
}

json::value piece_json(const Piece& piece) {
  if (const auto* literal = std::get_if<std::string>(&piece)) return json::value(*literal);
  const auto& hole = std::get<Hole>(piece);
  return json::object{{"hole", name(hole.kind)}, {"pattern", hole.pattern}, {"utc_offset", hole.utc_offset.count()}};
}

json::value body_json(const std::variant<Pieces, SirenProgram>& body) {
  if (const auto* pieces = std::get_if<Pieces>(&body)) return list(*pieces, piece_json);
  const auto& siren = std::get<SirenProgram>(body);
  return json::object{{"program", siren.program},
                      {"duration", siren.duration.count()},
                      {"targets", texts(siren.targets)},
                      {"voice_texts", texts(siren.voice_texts)}};
}

json::object message_json(const Message& message) {
  return {{"endpoint", message.endpoint.value},
          {"language", message.language.value},
          {"zone", message.zone.value},
          {"form", message.form},
          {"body", body_json(message.body)},
          {"length",
           {{"unit", message.length.unit},
            {"used", message.length.used},
            {"limit", message.length.limit},
            {"segments", message.length.segments}}},
          {"missing", list(message.missing, [](Element element) { return json::value(name(element)); })}};
}

json::object blocked_json(const Blocked& blocked) {
  return {{"endpoint", blocked.endpoint.value},  {"language", blocked.language.value},
          {"zone", blocked.zone.value},          {"form", blocked.form},
          {"reason", text_json(blocked.reason)}, {"recipients", blocked.recipients}};
}

json::object zone_json(const PlannedZone& zone) {
  json::object names;
  for (const auto& [language, text] : zone.names) names[language] = text;
  return {{"id", zone.id.value},          {"names", std::move(names)},
          {"people", zone.people},        {"floor_percent", zone.floor_percent},
          {"sirens", texts(zone.sirens)}, {"onset", optional_time(zone.onset)}};
}

json::object route_json(const PlannedRoute& route) {
  return {{"name", route.name.value},
          {"endpoints", list(route.endpoints, [](const EndpointName& name) { return json::value(name.value); })}};
}

json::object endpoint_json(const PlannedEndpoint& endpoint) {
  return {{"name", endpoint.name.value},
          {"channel", endpoint.channel},
          {"route", endpoint.route.value},
          {"destination", endpoint.destination},
          {"fingerprint", endpoint.fingerprint},
          {"audience", endpoint.audience},
          {"rate_per_second", endpoint.rate_per_second},
          {"in_flight", endpoint.in_flight},
          {"intent", name(endpoint.intent)},
          {"on_unknown", name(endpoint.on_unknown)},
          {"reconcile_after", endpoint.reconcile_after.count()}};
}

json::object audience_json(const PlannedAudience& audience) {
  const auto count = [](const AudienceCount& row) {
    return json::object{{"language", row.language.value}, {"zone", row.zone.value}, {"recipients", row.recipients}};
  };
  return {{"name", audience.name},
          {"digest", audience.digest},
          {"counts", list(audience.counts, count)},
          {"skipped", audience.skipped}};
}

json::object finding_json(const Finding& finding) {
  return {{"rule", finding.rule},
          {"text", text_json(finding.text)},
          {"endpoint", finding.endpoint.value},
          {"language", finding.language.value},
          {"zone", finding.zone.value}};
}

}  // namespace

json::value to_json(const Plan& plan) {
  const auto pair = [](const alert::NamedValue& item) {
    return json::object{{"name", item.name}, {"value", item.value}};
  };
  json::object out{{"format", plan.format},
                   {"mode", name(plan.mode)},
                   {"alert", alert::to_json(plan.alert)},
                   {"author", plan.author},
                   {"made_at", base::format_utc(plan.made_at)},
                   {"expires", base::format_utc(plan.expires)},
                   {"priority", plan.priority},
                   {"code_prefix", plan.code_prefix},
                   {"release_within", plan.release_within.count()},
                   {"zones", list(plan.zones, zone_json)},
                   {"not_alerted", list(plan.not_alerted, zone_json)},
                   {"routes", list(plan.routes, route_json)},
                   {"endpoints", list(plan.endpoints, endpoint_json)},
                   {"audiences", list(plan.audiences, audience_json)},
                   {"messages", list(plan.messages, message_json)},
                   {"blocked", list(plan.blocked, blocked_json)},
                   {"findings", list(plan.findings, finding_json)},
                   {"made_with", list(plan.made_with, pair)},
                   {"false_alarm", plan.false_alarm ? to_json(*plan.false_alarm) : json::value(nullptr)}};
  // Only where there is some: a plan in the template's own words is written as it always was.
  if (!plan.free_text.empty()) out["free_text"] = json::array(plan.free_text.begin(), plan.free_text.end());
  return out;
}

json::value to_json(const Pieces& pieces) { return list(pieces, piece_json); }
json::value to_json(const Message& message) { return message_json(message); }
json::value to_json(const Blocked& blocked) { return blocked_json(blocked); }

}  // namespace broadcaster::plan
