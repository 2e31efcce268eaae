#include "broadcaster/drill/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::drill {
namespace json = boost::json;

namespace {

json::value part(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? *value : json::value(nullptr);
}

/// null: this machine could not tell, and nobody may take it for met.
json::value met(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::met:
      return true;
    case Verdict::Outcome::not_met:
      return false;
    case Verdict::Outcome::not_counted:
      return nullptr;
  }
  return nullptr;
}

std::string_view sign(Verdict::Outcome outcome) {
  switch (outcome) {
    case Verdict::Outcome::met:
      return "✔";
    case Verdict::Outcome::not_met:
      return "✗";
    case Verdict::Outcome::not_counted:
      return "–";
  }
  return "";
}

}  // namespace

base::Text ordered(const Report& report) {
  const auto& alert = report.facts.alert;
  const auto word = [](const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  std::string signers;
  if (const auto* list = alert.if_contains("signatures"); list && list->is_array())
    for (const auto& value : list->get_array())
      if (const auto* one = value.if_object())
        signers += (signers.empty() ? "" : ", ") + word(*one, "person") + " (" + word(*one, "role") + ")";
  // One person alone stands in the first line, in words that nobody overlooks.
  if (const auto* glass = alert.if_contains("glass"); glass && glass->is_object())
    return {"drill.ordered_alone",
            {{"time", report.released_local},
             {"person", word(glass->get_object(), "person")},
             {"reason", word(glass->get_object(), "reason")},
             {"code", word(alert, "code")}}};
  if (const auto* fired = alert.if_contains("fired"); fired && fired->is_object())
    return {"drill.ordered_prepared",
            {{"time", report.released_local},
             {"person", word(fired->get_object(), "person")},
             {"people", signers},
             {"code", word(alert, "code")}}};
  return {"drill.ordered",
          {{"time", report.released_local},
           {"people", signers},
           {"authority", word(alert, "authority")},
           {"code", word(alert, "code")}}};
}

std::optional<std::int64_t> blank_to_first_siren_ms(const Report& report) {
  std::optional<std::int64_t> first;
  const auto* list = report.facts.alert.if_contains("endpoints");
  if (!list || !list->is_array()) return first;
  for (const auto& value : list->get_array()) {
    const auto* way = value.if_object();
    const auto* channel = way ? way->if_contains("channel") : nullptr;
    const auto* proven = way ? way->if_contains("first_proven_ms") : nullptr;
    if (channel && channel->is_string() && channel->get_string() == "siren" && proven && proven->is_int64())
      first = std::min(first.value_or(proven->get_int64()), proven->get_int64());
  }
  if (first) *first += report.blank_to_approved_ms;
  return first;
}

bool good(const Report& report) {
  return passed(report.verdicts) &&
         std::all_of(report.refusals.begin(), report.refusals.end(), [](const Refusal& r) { return r.refused; });
}

json::object report_json(const Report& report) {
  const auto& catalogue = base::Catalogue::of(report.language);
  json::array expectations, refusals, faults, seen;
  for (const auto& verdict : report.verdicts)
    expectations.push_back(json::object{{"name", verdict.name},
                                        {"met", met(verdict.outcome)},
                                        {"counted", verdict.outcome != Verdict::Outcome::not_counted},
                                        {"wanted", verdict.wanted},
                                        {"found", verdict.found}});
  for (const auto& refusal : report.refusals)
    refusals.push_back(json::object{{"tried", catalogue.say(refusal.tried)},
                                    {"refused", refusal.refused},
                                    {"exit_status", refusal.status},
                                    {"said", refusal.said}});
  for (const auto& fault : report.faults)
    faults.push_back(json::object{{"at_ms", fault.at_ms}, {"what", catalogue.say(fault.what)}});
  for (const auto& text : report.facts.seen)
    seen.push_back(json::object{{"where", text.where},
                                {"who", text.who},
                                {"from", text.from},
                                {"text", text.text},
                                {"language", text.language},
                                {"at", text.at}});
  json::object sirens;
  for (const auto& [id, state] : report.facts.sirens) sirens[id] = state;
  json::object object{{"title", report.title},
                      {"agency", report.agency},
                      {"started", report.started},
                      {"passed", good(report)},
                      {"expectations", std::move(expectations)},
                      {"endpoints", part(report.facts.alert, "endpoints")},
                      {"zones", part(report.facts.alert, "zones")},
                      {"deliveries", part(report.facts.alert, "deliveries")},
                      {"alert", part(report.facts.alert, "identifier")},
                      {"authority", part(report.facts.alert, "authority")},
                      {"signatures", part(report.facts.alert, "signatures")},
                      {"sirens", std::move(sirens)},
                      {"refusals", std::move(refusals)},
                      {"faults", std::move(faults)},
                      {"duplicates", duplicates(report.facts.seen)},
                      {"blank_to_approved_ms", report.blank_to_approved_ms},
                      {"observed_ms", report.observed_ms},
                      {"record", report.facts.record},
                      {"seen", std::move(seen)}};
  if (!report.facts.all_clear.empty())
    object["all_clear"] = json::object{{"alert", part(report.facts.all_clear, "identifier")},
                                       {"endpoints", part(report.facts.all_clear, "endpoints")},
                                       {"signatures", part(report.facts.all_clear, "signatures")}};
  const auto first = blank_to_first_siren_ms(report);
  object["blank_to_first_siren_ms"] = first ? json::value(*first) : json::value(nullptr);
  object["keys_typed"] = report.keys_typed;
  object["connections_out"] = report.facts.packets_out ? json::value(*report.facts.packets_out) : json::value(nullptr);
  return object;
}

std::vector<std::string> report_lines(const Report& report) {
  const auto& catalogue = base::Catalogue::of(report.language);
  std::vector<std::string> lines;
  if (!report.facts.alert.empty()) lines.push_back(catalogue.say(ordered(report)));
  std::size_t widest = 0;
  std::vector<std::string> names;
  for (const auto& verdict : report.verdicts) {
    const base::Text text{"drill.expect." + verdict.name, {}};
    names.push_back(catalogue.has(text.id) ? catalogue.say(text) : verdict.name);
    widest = std::max(widest, names.back().size());
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& verdict = report.verdicts[i];
    lines.push_back(
        fmt::format("  {} {:<{}}  {} ({})", sign(verdict.outcome), names[i], widest, verdict.found, verdict.wanted));
  }
  lines.emplace_back();
  if (!report.broken_on_purpose.empty())
    lines.push_back(
        catalogue.say(base::Text{"drill.broken_on_purpose",
                                 {{"n", static_cast<std::int64_t>(report.broken_on_purpose.size())},
                                  {"sirens", fmt::format("{}", fmt::join(report.broken_on_purpose, ", "))}}}));
  if (const auto first = blank_to_first_siren_ms(report))
    lines.push_back(catalogue.say(base::Text{
        "drill.blank_to_siren",
        {{"seconds", fmt::format("{:.1f}", static_cast<double>(*first) / 1000)}, {"keys", report.keys_typed}}}));
  if (const auto copies = duplicates(report.facts.seen); copies > 0)
    lines.push_back(catalogue.say(base::Text{"drill.copies", {{"n", copies}}}));
  lines.push_back(report.facts.packets_out
                      ? catalogue.say(base::Text{"drill.packets_out", {{"n", *report.facts.packets_out}}})
                      : catalogue.say(base::Text{"drill.packets_not_counted", {}}));
  lines.push_back(catalogue.say(base::Text{good(report) ? "drill.as_expected" : "drill.not_as_expected", {}}));
  return lines;
}

}  // namespace broadcaster::drill
