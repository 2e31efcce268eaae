// broadcaster check: every file of the configuration, and every message that it could send.
#include <algorithm>
#include <boost/json.hpp>
#include <future>
#include <iterator>
#include <set>
#include <thread>

#include "broadcaster/cli/check_alert.hpp"
#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/config_set.hpp"
#include "broadcaster/cli/page.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/cli/prepared.hpp"
#include "broadcaster/plan/rehearse.hpp"
#include "broadcaster/service/progress.hpp"
#include "channels/table.hpp"

namespace broadcaster::cli {
namespace json = boost::json;
namespace {

/// Each list of recipients is read whole once, for all zones.
base::Errors check_audiences(const Context& context, const service::Config& config) {
  base::Errors errors;
  const auto folder = TemporaryFolder::make();
  if (!folder) return {folder.error()};
  std::set<std::string> seen;
  for (const auto& endpoint : config.endpoints) {
    if (endpoint.audience.empty() || !seen.insert(endpoint.audience).second) continue;
    plan::SnapshotRequest request{.file = context.config_folder() / "audiences" / (endpoint.audience + ".csv"),
                                  .folder = folder->path(),
                                  .languages = config.agency.languages,
                                  .zones = {},
                                  .map = &config.zones};
    for (const auto& zone : config.zones.all()) request.zones.push_back(zone.id);
    if (auto info = plan::make_snapshot(request); !info)
      std::move(info.error().begin(), info.error().end(), std::back_inserter(errors));
  }
  return errors;
}

base::Text mode_word(alert::Mode mode) { return {"plan.mode_" + std::string(alert::name(mode)), {}}; }

std::string padded(const std::string& text, int width) {
  return text + std::string(static_cast<std::size_t>(std::max(0, width - service::columns_of(text))), ' ');
}

void show_table(const Screen& screen, const plan::Rehearsal& found) {
  std::vector<std::vector<std::string>> rows{
      {screen.say({"cli.column_hazard", {}}), screen.say({"cli.column_mode", {}}),
       screen.say({"cli.column_endpoint", {}}), screen.say({"cli.column_messages", {}}),
       screen.say({"cli.column_blocked", {}}), screen.say({"cli.column_longest", {}})}};
  for (const auto& row : found.endpoints) {
    const auto longest = row.messages == 0
                             ? std::string("–")
                             : std::to_string(row.longest.used) + "/" + std::to_string(row.longest.limit) + " " +
                                   screen.say({"plan.unit_" + row.longest.unit, {}});
    rows.push_back({row.hazard, screen.say(mode_word(row.mode)), row.endpoint.value, std::to_string(row.messages),
                    std::to_string(row.blocked), longest});
  }
  std::vector<int> widths(rows.front().size(), 0);
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], service::columns_of(row[i]));
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += i + 1 < row.size() ? padded(row[i], widths[i] + 2) : row[i];
    screen.text(line);
  }
}

/// The same gap with and without an arrival is one finding.
std::vector<base::Text> findings(const Screen& screen, const plan::Rehearsal& found) {
  std::vector<base::Text> out;
  const auto add = [&](base::Text text) {
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  };
  for (const auto& gap : found.gaps) {
    auto where = gap.blocked.endpoint.value;
    for (const auto& part : {gap.blocked.language.value, gap.blocked.zone.value})
      if (!part.empty()) where += " · " + part;
    add({"cli.finding",
         {{"hazard", gap.hazard},
          {"mode", base::Key{mode_word(gap.mode).id}},
          {"where", where},
          {"rule", plan::rule_of(gap.blocked)},
          {"text", screen.say(gap.blocked.reason)}}});
  }
  for (const auto& error : found.refused) add({"cli.no_plan", {{"text", screen.words().say(error)}}});
  return out;
}

/// Where a warning is, in one line. What the invented alert itself brings on (a zone without a siren) is said too.
std::vector<base::Text> warnings(const Screen& screen, const plan::Rehearsal& found) {
  std::vector<base::Text> out;
  for (const auto& warned : found.warnings) {
    std::string where = warned.hazard;
    for (const auto& part : {warned.finding.endpoint.value, warned.finding.language.value, warned.finding.zone.value})
      if (!part.empty()) where += " · " + part;
    out.push_back({"cli.check_warning",
                   {{"rule", warned.finding.rule}, {"where", where}, {"text", screen.say(warned.finding.text)}}});
  }
  return out;
}

/// Thousands of texts: hazards by turns on as many threads as there are cores, and together again in their order.
plan::Rehearsal rehearse_on_all_cores(const plan::RehearsalInput& input) {
  const auto hazards = input.templates.hazards();
  const std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
  std::vector<plan::Rehearsal> found(hazards.size());
  std::vector<std::future<void>> working;
  for (std::size_t first = 0; first < threads; ++first)
    working.push_back(std::async(std::launch::async, [&, first] {
      for (auto i = first; i < hazards.size(); i += threads) found[i] = plan::rehearse(input, hazards[i]);
    }));
  for (auto& one : working) one.get();
  plan::Rehearsal all;
  for (auto& one : found) plan::append(all, std::move(one));
  return all;
}

json::object as_json(const Screen& screen, const plan::Rehearsal& found, const std::vector<base::Text>& wrong,
                     const std::vector<base::Text>& warned) {
  json::array rows, texts, notes;
  for (const auto& text : warned) notes.push_back(json::string(screen.say(text)));
  for (const auto& row : found.endpoints)
    rows.push_back(json::object{{"hazard", row.hazard},
                                {"mode", alert::name(row.mode)},
                                {"endpoint", row.endpoint.value},
                                {"messages", row.messages},
                                {"blocked", row.blocked},
                                {"longest", json::object{{"used", row.longest.used},
                                                         {"limit", row.longest.limit},
                                                         {"unit", row.longest.unit},
                                                         {"segments", row.longest.segments}}}});
  for (const auto& text : wrong) texts.push_back(json::string(screen.say(text)));
  return {{"rendered", found.messages},
          {"endpoints", std::move(rows)},
          {"findings", std::move(texts)},
          {"warnings", std::move(notes)}};
}

}  // namespace

int check(const Context& context, const Check& options) {
  const auto& screen = context.screen();
  if (!options.alert.empty()) return check_alert(context, options.alert, options.profile);
  if (!options.profile.empty()) return screen.fail(base::ErrorKind::usage, {"cli.usage_profile_of_what", {}});
  base::Errors errors;
  const auto config = context.config();
  if (!config) errors = config.error();
  const auto templates = context.templates();
  if (!templates) errors.insert(errors.end(), templates.error().begin(), templates.error().end());
  if (config) {
    auto wrong = check_audiences(context, *config);
    std::move(wrong.begin(), wrong.end(), std::back_inserter(errors));
  }
  if (!errors.empty()) return screen.fail(errors);
  const auto traits = channels::traits();
  const auto found = rehearse_on_all_cores({.agency = config->agency,
                                            .zones = config->zones,
                                            .sirens = config->sirens,
                                            .endpoints = config->endpoints,
                                            .traits = traits,
                                            .templates = *templates,
                                            .now = context.now(),
                                            .shelters = config->shelters});
  auto warned = warnings(screen, found);
  for (auto& text : approval::key_warnings(config->people, context.now())) warned.push_back(std::move(text));
  for (auto& text : approval::quorum_warnings(config->people, context.now())) warned.push_back(std::move(text));
  auto wrong = findings(screen, found);
  // A new agency, as the example, is told; one that has signed and changed something since has something to do.
  const auto set = standing_of_files(context, config->set);
  std::vector<base::Text> unsigned_rules;
  for (auto& text : approval::set_refusals(set))
    (set.accepted ? wrong : unsigned_rules).push_back({"cli.set_stops", {{"why", screen.say(text)}}});
  switch (context.output()) {
    case Context::Output::json:
      warned.insert(warned.end(), unsigned_rules.begin(), unsigned_rules.end());
      screen.json(as_json(screen, found, wrong, warned));
      break;
    case Context::Output::text:
      show_table(screen, found);
      for (const auto& text : warned) screen.line(text);
      if (!config->policy.keep_people) screen.line({"cli.retention_off", {}});
      for (const auto mode : {alert::Mode::live, alert::Mode::drill}) show_prepared(context, mode);
      if (const auto nobody = nobody_woken(*config, alert::Mode::live)) screen.line(*nobody);
      for (const auto& text : wrong) screen.fail(base::ErrorKind::check_failed, text);
      screen.line({wrong.empty() ? "cli.check_good" : "cli.check_bad",
                   {{"rendered", found.messages}, {"count", static_cast<std::int64_t>(wrong.size())}}});
      for (const auto& text : unsigned_rules) screen.line(text);  // last, where it is seen
      break;
  }
  return wrong.empty() ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
