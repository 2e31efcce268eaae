#include "broadcaster/drill/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"

namespace broadcaster::drill {
namespace {

using base::Fields;

constexpr std::pair<std::string_view, FaultKind> fault_kinds[] = {
    {"stop_gateway", FaultKind::stop_gateway},         {"start_gateway", FaultKind::start_gateway},
    {"stop_broker", FaultKind::stop_broker},           {"start_broker", FaultKind::start_broker},
    {"kill_broadcaster", FaultKind::kill_broadcaster}, {"start_broadcaster", FaultKind::start_broadcaster},
};

constexpr std::pair<std::string_view, std::string_view> fates[] = {
    {"delivered", "delivered"}, {"silent", "silent"},   {"undelivered", "undelivered"},
    {"lost", "lost"},           {"refused", "refused"}, {"throttled", "throttled"},
};

/// "1500ms", or a duration of whole seconds and more ("5s").
std::optional<base::milliseconds> parse_time(const std::string& text) {
  if (text.ends_with("ms")) {
    int number = 0;
    const char* end = text.data() + text.size() - 2;
    if (std::from_chars(text.data(), end, number).ptr != end || number < 0 || text.size() < 3) return std::nullopt;
    return base::milliseconds(number);
  }
  if (const auto seconds = base::parse_duration(text)) return *seconds;
  return std::nullopt;
}

base::milliseconds time_of(Fields& fields, std::string_view key) {
  const auto text = fields.text(key);
  if (text.empty()) return {};
  const auto time = parse_time(text);
  if (!time) fields.complain(key, {"drill.expected_time", {{"found", text}}});
  return time.value_or(base::milliseconds(0));
}

std::optional<delivery::State> state_of(std::string_view name) {
  for (const auto state : delivery::all_states)
    if (delivery::name(state) == name) return state;
  return std::nullopt;
}

using Kind = Expectation::Kind;

/// Keys that ask something of an endpoint, with a number.
constexpr std::pair<std::string_view, Kind> endpoint_questions[] = {
    {"proven_at_least", Kind::proven_at_least},
    {"accepted_at_least", Kind::accepted_at_least},
    {"accepted_percent", Kind::accepted_percent},
};
constexpr std::pair<std::string_view, Kind> number_questions[] = {
    {"zones_below_floor_at_most", Kind::zones_below_floor_at_most},
    {"duplicates_at_most", Kind::duplicates_at_most},
    {"connections_out", Kind::connections_out},
    {"called_at_least", Kind::called_at_least},
};
constexpr std::pair<std::string_view, Expectation::Of> all_of[] = {{"order", Expectation::Of::order},
                                                                   {"all_clear", Expectation::Of::all_clear}};
/// Words of the status document that an alert is expected to have.
constexpr std::pair<std::string_view, std::string_view> authorities[] = {{"quorum", "quorum"},
                                                                         {"break_glass", "break_glass"}};
constexpr std::pair<std::string_view, std::string_view> ends[] = {{"all_clear", "all_clear"}};

Expectation read_expectation(const base::Node& node, const std::string& path, base::Errors& errors) {
  Fields fields(node, path, errors);
  Expectation expectation;
  expectation.place = node.place;
  expectation.name = fields.text("name");
  expectation.of = fields.maybe_choice<Expectation::Of>("of", all_of).value_or(Expectation::Of::order);
  int questions = 0;
  if (const auto endpoint = fields.maybe_text("endpoint")) {
    expectation.subject = *endpoint;
    if (node.find("first_proven_within")) {
      expectation.kind = Kind::first_proven_within;
      expectation.number = time_of(fields, "first_proven_within").count();
      ++questions;
    }
    for (const auto& [key, kind] : endpoint_questions)
      if (const auto number = fields.maybe_whole(key)) {
        expectation.kind = kind;
        expectation.number = *number;
        ++questions;
      }
  }
  if (const auto siren = fields.maybe_text("siren")) {
    expectation.subject = *siren;
    for (const auto& [key, kind] : {std::pair{"is", Kind::siren_is}, std::pair{"is_not", Kind::siren_is_not}})
      if (const auto name = fields.maybe_text(key)) {
        expectation.kind = kind;
        ++questions;
        if (const auto state = state_of(*name))
          expectation.state = *state;
        else
          fields.complain(key, {"drill.expected_state", {{"found", *name}}});
      }
  }
  for (const auto& [key, kind] : number_questions)
    if (const auto number = fields.maybe_whole(key)) {
      expectation.kind = kind;
      expectation.number = *number;
      ++questions;
    }
  struct WordQuestion {
    std::string_view key;
    Kind kind;
    base::Choices<std::string_view> words;
  };
  for (const auto& [key, kind, words] :
       {WordQuestion{"authority", Kind::authority_is, authorities}, WordQuestion{"ended_by", Kind::ended_by, ends}})
    if (const auto word = fields.maybe_choice<std::string_view>(key, words)) {
      expectation.kind = kind;
      expectation.subject = *word;
      ++questions;
    }
  constexpr std::pair<std::string_view, int> all[] = {{"all", 0}};
  constexpr std::pair<std::string_view, int> whole[] = {{"whole", 0}};
  if (fields.maybe_choice<int>("counted", all)) expectation.kind = Kind::counted_all, ++questions;
  if (fields.maybe_choice<int>("record", whole)) expectation.kind = Kind::record_whole, ++questions;
  if (questions != 1) fields.complain("name", {"drill.one_question", {}});
  return expectation;
}

void read_phones(const base::Node& list, Scenario& scenario, base::Errors& errors) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    Fields fields(list.items[i], fmt::format("phones[{}]", i), errors);
    scenario.phones.push_back({fields.text("prefix"), std::string(fields.choice<std::string_view>("fate", fates))});
  }
}

void read_faults(const base::Node& list, Scenario& scenario, base::Errors& errors) {
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    Fields fields(list.items[i], fmt::format("faults[{}]", i), errors);
    const ScenarioFault fault{time_of(fields, "at"), fields.choice<FaultKind>("do", fault_kinds)};
    // In order of time; of one moment in the file's order.
    const auto place = std::upper_bound(scenario.faults.begin(), scenario.faults.end(), fault,
                                        [](const ScenarioFault& x, const ScenarioFault& y) { return x.at < y.at; });
    scenario.faults.insert(place, fault);
  }
}

ScriptedAlone read_alone(const base::Node& node, base::Errors& errors) {
  Fields fields(node, "alone", errors);
  ScriptedAlone out;
  out.by = fields.text("by");
  out.reason = fields.text("reason");
  out.after = fields.maybe_duration("after").value_or(out.after);
  return out;
}

bool is_among(const std::vector<std::string>& people, const std::string& person) {
  return std::find(people.begin(), people.end(), person) != people.end();
}

/// What is asked of an all-clear needs one.
void check_endings(const Scenario& scenario, base::Errors& errors) {
  if (scenario.all_clear) return;
  for (const auto& asked : scenario.expectations)
    if (asked.of == Expectation::Of::all_clear || asked.kind == Expectation::Kind::ended_by)
      errors.push_back({base::ErrorKind::bad_input, {"drill.no_all_clear", {{"name", asked.name}}}, asked.place, {}});
}

}  // namespace

base::Checked<Scenario> parse_scenario(const std::string& text, const std::filesystem::path& file) {
  auto node = base::parse_yaml(text, file.string());
  if (!node) return std::unexpected(node.error());
  base::Errors errors;
  Scenario scenario;
  scenario.file = file;
  {
    Fields root(*node, "", errors);
    if (const auto* names = root.child("name"))
      for (const auto& entry : names->entries) scenario.names[entry.key] = entry.value.scalar;
    if (const auto alert = root.maybe_text("alert")) scenario.alert = file.parent_path() / *alert;
    if (const auto* interview = root.maybe_child("new")) {
      Fields fields(*interview, "new", errors);
      scenario.interview = ScriptedNew{fields.text("hazard"), fields.texts("answers")};
    }
    if (scenario.alert.empty() != scenario.interview.has_value()) root.complain("new", {"drill.alert_or_new", {}});
    scenario.observe = time_of(root, "observe");
    if (const auto* people = root.child("people")) {
      Fields fields(*people, "people", errors);
      scenario.author = fields.text("author");
      scenario.approvers = fields.texts("approvers");
    }
    if (const auto* alone = root.maybe_child("alone")) scenario.alone = read_alone(*alone, errors);
    if (scenario.alone && !is_among(scenario.approvers, scenario.alone->by))
      root.complain("alone", {"drill.alone_by", {{"person", scenario.alone->by}}});
    if (const auto* ending = root.maybe_child("all_clear")) {
      Fields fields(*ending, "all_clear", errors);
      scenario.all_clear = ScriptedAllClear{fields.texts("answers")};
    }
    if (const auto* sirens = root.maybe_child("sirens")) {
      Fields fields(*sirens, "sirens", errors);
      scenario.sirens_down = fields.maybe_texts("down");
      scenario.sirens_mute = fields.maybe_texts("mute");
    }
    if (const auto* phones = root.maybe_child("phones")) read_phones(*phones, scenario, errors);
    if (const auto* faults = root.maybe_child("faults")) read_faults(*faults, scenario, errors);
    if (const auto* expect = root.child("expect"))
      for (std::size_t i = 0; i < expect->items.size(); ++i)
        scenario.expectations.push_back(read_expectation(expect->items[i], fmt::format("expect[{}]", i), errors));
    check_endings(scenario, errors);
    if (is_among(scenario.approvers, scenario.author))
      root.complain("people", {"drill.author_approves", {{"person", scenario.author}}});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return scenario;
}

base::Checked<Scenario> read_scenario(const std::filesystem::path& file) {
  auto text = base::read_file(file, 1 << 20);
  if (!text) return std::unexpected(base::Errors{text.error()});
  return parse_scenario(*text, file);
}

}  // namespace broadcaster::drill
