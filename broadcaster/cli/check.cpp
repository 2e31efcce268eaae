// broadcaster check: every file of the configuration, and every message that it could send.
#include <boost/json.hpp>
#include <iterator>
#include <set>

#include "broadcaster/cli/commands.hpp"
#include "broadcaster/cli/examine.hpp"
#include "broadcaster/cli/planning.hpp"
#include "broadcaster/service/progress.hpp"

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

void show_table(const Screen& screen, const Examination& found) {
  std::vector<std::vector<std::string>> rows{
      {screen.say({"cli.column_hazard", {}}), screen.say({"cli.column_mode", {}}),
       screen.say({"cli.column_endpoint", {}}), screen.say({"cli.column_messages", {}}),
       screen.say({"cli.column_blocked", {}}), screen.say({"cli.column_longest", {}})}};
  for (const auto& row : found.rows) {
    const auto unit = row.messages == 0 ? std::string() : screen.say({"plan.unit_" + row.longest.unit, {}});
    const auto longest = row.messages == 0
                             ? std::string("–")
                             : std::to_string(row.longest.used) + "/" + std::to_string(row.longest.limit) + " " + unit;
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

json::object as_json(const Screen& screen, const Examination& found) {
  json::array rows, troubles;
  for (const auto& row : found.rows)
    rows.push_back(json::object{{"hazard", row.hazard},
                                {"mode", alert::name(row.mode)},
                                {"endpoint", row.endpoint.value},
                                {"messages", row.messages},
                                {"blocked", row.blocked},
                                {"longest", json::object{{"used", row.longest.used},
                                                         {"limit", row.longest.limit},
                                                         {"unit", row.longest.unit},
                                                         {"segments", row.longest.segments}}}});
  for (const auto& trouble : found.troubles)
    troubles.push_back(json::object{{"hazard", trouble.hazard},
                                    {"mode", alert::name(trouble.mode)},
                                    {"where", trouble.where},
                                    {"text", screen.say(trouble.text)}});
  return {{"rendered", found.rendered}, {"endpoints", std::move(rows)}, {"findings", std::move(troubles)}};
}

}  // namespace

int check(const Context& context) {
  const auto& screen = context.screen();
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
  const auto found = examine(*config, *templates, context.now());
  if (context.output() == Context::Output::json) {
    screen.json(as_json(screen, found));
    return found.troubles.empty() ? Exit::done : Exit::check_failed;
  }
  show_table(screen, found);
  for (const auto& trouble : found.troubles)
    screen.fail(base::ErrorKind::check_failed, {"cli.finding",
                                                {{"hazard", trouble.hazard},
                                                 {"mode", base::Key{mode_word(trouble.mode).id}},
                                                 {"where", trouble.where},
                                                 {"text", screen.say(trouble.text)}}});
  screen.line(
      {found.troubles.empty() ? "cli.check_good" : "cli.check_bad",
       {{"rendered", std::int64_t{found.rendered}}, {"count", static_cast<std::int64_t>(found.troubles.size())}}});
  return found.troubles.empty() ? Exit::done : Exit::check_failed;
}

}  // namespace broadcaster::cli
