#include "broadcaster/drill/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

std::int64_t number(const json::object& object, std::string_view key, std::int64_t otherwise = 0) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? value->get_int64() : otherwise;
}

const json::object& alert_of(const Facts& facts, Expectation::Of of) {
  switch (of) {
    case Expectation::Of::order:
      return facts.alert;
    case Expectation::Of::all_clear:
      return facts.all_clear;
  }
  return facts.alert;
}

std::string word(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// People on duty whose phone got anything: nobody else writes to these numbers.
std::int64_t called(const Facts& facts) {
  std::set<std::string> numbers;
  for (const auto& text : facts.seen)
    if (std::ranges::find(facts.duty_numbers, text.who) != facts.duty_numbers.end()) numbers.insert(text.who);
  return static_cast<std::int64_t>(numbers.size());
}

std::string how_it_ended(const json::object& alert) {
  const auto* stop = alert.if_contains("stop");
  return stop && stop->is_object() ? word(stop->get_object(), "how") : std::string();
}

const json::object* endpoint(const json::object& alert, const std::string& name) {
  const auto* list = alert.if_contains("endpoints");
  if (!list || !list->is_array()) return nullptr;
  for (const auto& value : list->get_array())
    if (const auto* object = value.if_object())
      if (const auto* found = object->if_contains("name"); found && found->is_string() && found->get_string() == name)
        return object;
  return nullptr;
}

std::int64_t below_floor(const json::object& alert) {
  std::int64_t below = 0;
  if (const auto* zones = alert.if_contains("zones"); zones && zones->is_array())
    for (const auto& zone : zones->get_array())
      if (const auto* object = zone.if_object())
        if (const auto* met = object->if_contains("floor_met"); met && met->is_bool() && !met->get_bool()) ++below;
  return below;
}

/// planned = sum of states, for the alert and for every endpoint.
bool all_counted(const json::object& alert) {
  const auto whole = [](const json::object& counts) {
    std::int64_t sum = 0;
    for (const auto state : delivery::all_states) sum += number(counts, delivery::name(state));
    return sum == number(counts, "planned", -1);
  };
  const auto* all = alert.if_contains("deliveries");
  if (!all || !all->is_object() || !whole(all->get_object())) return false;
  std::int64_t by_endpoint = 0;
  if (const auto* list = alert.if_contains("endpoints"); list && list->is_array())
    for (const auto& value : list->get_array()) {
      if (!value.is_object() || !whole(value.get_object())) return false;
      by_endpoint += number(value.get_object(), "planned");
    }
  return by_endpoint == number(all->get_object(), "planned", -1);
}

Verdict judge(const Expectation& e, const Facts& facts) {
  using Kind = Expectation::Kind;
  using Outcome = Verdict::Outcome;
  Verdict verdict{.name = e.name, .outcome = Outcome::not_met, .wanted = {}, .found = {}};
  const auto decide = [&](bool met) { verdict.outcome = met ? Outcome::met : Outcome::not_met; };
  const auto at_least = [&](std::int64_t found) {
    verdict.wanted = fmt::format("≥ {}", e.number);
    verdict.found = std::to_string(found);
    decide(found >= e.number);
  };
  const auto at_most = [&](std::int64_t found) {
    verdict.wanted = fmt::format("≤ {}", e.number);
    verdict.found = std::to_string(found);
    decide(found <= e.number);
  };
  const auto is = [&](const std::string& found) {
    verdict.wanted = "= " + e.subject;
    verdict.found = found.empty() ? "–" : found;
    decide(found == e.subject);
  };
  const auto& alert = alert_of(facts, e.of);
  const auto* way = endpoint(alert, e.subject);
  const auto proven = way ? number(*way, "confirmed") : 0;
  const auto taken = way ? proven + number(*way, "accepted") : 0;
  switch (e.kind) {
    case Kind::first_proven_within: {
      const auto first = way ? number(*way, "first_proven_ms", -1) : -1;
      verdict.wanted = fmt::format("≤ {} ms", e.number);
      verdict.found = first < 0 ? "–" : fmt::format("{} ms", first);
      decide(first >= 0 && first <= e.number);
      break;
    }
    case Kind::proven_at_least:
      at_least(proven);
      break;
    case Kind::accepted_at_least:
      at_least(taken);
      break;
    case Kind::accepted_percent: {
      const auto planned = way ? number(*way, "planned") : 0;
      verdict.wanted = fmt::format("≥ {} %", e.number);
      verdict.found = planned == 0 ? "–" : fmt::format("{} % ({}/{})", taken * 100 / planned, taken, planned);
      decide(planned > 0 && taken * 100 >= planned * e.number);
      break;
    }
    case Kind::siren_is:
    case Kind::siren_is_not: {
      const auto found = facts.sirens.find(e.subject);
      const std::string wanted(delivery::name(e.state));
      verdict.wanted = (e.kind == Kind::siren_is ? "= " : "≠ ") + wanted;
      verdict.found = found == facts.sirens.end() ? "–" : found->second;
      decide(found != facts.sirens.end() && (found->second == wanted) == (e.kind == Kind::siren_is));
      break;
    }
    case Kind::zones_below_floor_at_most:
      at_most(below_floor(alert));
      break;
    case Kind::duplicates_at_most:
      at_most(duplicates(facts.seen));
      break;
    case Kind::counted_all: {
      const bool whole = all_counted(alert);
      verdict.wanted = "Σ = n";
      verdict.found = whole ? "=" : "≠";
      decide(whole);
      break;
    }
    case Kind::record_whole: {
      const auto* whole = facts.record.if_contains("whole");
      verdict.wanted = "0";  // entries that are wrong
      decide(whole && whole->is_bool() && whole->get_bool());
      verdict.found = verdict.outcome == Outcome::met ? "0" : fmt::format("#{}", number(facts.record, "first_bad"));
      break;
    }
    case Kind::authority_is:
      is(word(alert, "authority"));
      break;
    case Kind::ended_by:
      is(how_it_ended(alert));
      break;
    case Kind::called_at_least:
      at_least(called(facts));
      break;
    case Kind::connections_out:
      verdict.wanted = std::to_string(e.number);
      verdict.found = facts.packets_out ? std::to_string(*facts.packets_out) : "–";
      if (facts.packets_out)
        decide(*facts.packets_out <= e.number);
      else
        verdict.outcome = Outcome::not_counted;
      break;
  }
  return verdict;
}

}  // namespace

std::int64_t duplicates(const std::vector<SeenText>& seen) {
  std::set<std::pair<std::string, std::string>> once;
  std::int64_t more = 0;
  for (const auto& text : seen)
    if (text.where == "phone" && !once.emplace(text.who, text.text).second) ++more;
  return more;
}

std::vector<Verdict> score(const Scenario& scenario, const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const auto& expectation : scenario.expectations) verdicts.push_back(judge(expectation, facts));
  return verdicts;
}

bool passed(const std::vector<Verdict>& verdicts) {
  return std::none_of(verdicts.begin(), verdicts.end(),
                      [](const Verdict& v) { return v.outcome == Verdict::Outcome::not_met; });
}

}  // namespace broadcaster::drill
