#include "broadcaster/drill/scene_tools.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "broadcaster/base/files.hpp"
#include "broadcaster/drill/owner_link.hpp"

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

constexpr base::milliseconds look_every{100};

/// What the screen shows while it runs: the table, and the last thing that happened.
std::vector<std::string> picture(const Play& play, const json::object& alert, const service::ScreenStyle& style,
                                 std::int64_t now_ms) {
  auto lines = service::progress_lines(alert, style);
  lines.push_back(play.catalogue.say(
      base::Text{"drill.clock",
                 {{"now", fmt::format("{:.1f}", static_cast<double>(now_ms) / 1000)},
                  {"end", fmt::format("{:.1f}", static_cast<double>(play.scenario.observe.count()) / 1000)}}}));
  const auto& faults = play.report.faults;
  lines.push_back(faults.empty() ? std::string() : "⚡ " + play.catalogue.say(faults.back().what));
  return lines;
}

}  // namespace

std::unexpected<base::Error> failed(const std::string& what, const CommandResult& result) {
  return base::fail(
      base::ErrorKind::unavailable,
      {"drill.command_failed",
       {{"command", what}, {"status", static_cast<std::int64_t>(result.status)}, {"said", result.output}}});
}

std::string word(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string first_line(const std::string& text) {
  const auto begin = text.find_first_not_of('\n');
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find('\n', begin) - begin);
}

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const auto before = text.rfind('\n', end);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  return text.substr(begin, end - begin + 1);
}

void note_refusal(Play& play, base::Text tried, std::string said, int status, int wanted) {
  Refusal refusal{.tried = std::move(tried), .said = std::move(said), .status = status, .refused = status == wanted};
  play.line(fmt::format("  {} {}", refusal.refused ? "✔" : "✗", play.catalogue.say(refusal.tried)));
  play.line("      " + refusal.said);
  play.report.refusals.push_back(std::move(refusal));
}

std::optional<json::object> alert_of(const Play& play, const std::string& alert) {
  auto answer = ask_owner(play.overlay.folders.state, {{"op", "status"}, {"alert", alert}}, std::chrono::seconds(2));
  if (!answer) return std::nullopt;
  const auto* alerts = answer->if_contains("alerts");
  if (!alerts || !alerts->is_array() || alerts->get_array().empty()) return std::nullopt;
  return alerts->get_array()[0].as_object();
}

base::Result<void> observe_alert(Play& play, const std::string& alert, base::MonoTime begun, json::object& into,
                                 const std::function<base::Result<void>(base::milliseconds)>& meanwhile) {
  const auto style = service::style_of(stdout, play.options.language);
  service::ProgressScreen screen(stdout, style);
  const auto passed = [&] { return play.stage.loop().now() - begun; };
  for (;;) {
    if (passed() >= play.scenario.observe || play.stage.interrupted()) break;
    if (auto happened = meanwhile(passed()); !happened) return happened;
    if (play.owner)
      if (auto seen = alert_of(play, alert)) into = std::move(*seen);
    screen.show(picture(play, into, style, passed().count()), play.stage.loop().now().time_since_epoch().count());
    play.stage.wait(look_every);
  }
  if (auto seen = alert_of(play, alert)) into = std::move(*seen);
  screen.show(picture(play, into, style, passed().count()), play.stage.loop().now().time_since_epoch().count() + 1000);
  screen.finish();
  return {};
}

base::Result<void> approve_all(Play& play, const std::filesystem::path& plan) {
  for (std::size_t i = 0; i < play.overlay.approver_keys.size(); ++i) {
    auto approved = play.command({"approve", plan.string(), "--key", play.overlay.approver_keys[i].string(), "--yes"});
    if (!approved) return std::unexpected(approved.error());
    if (approved->status != 0) return failed("approve", *approved);
    play.say({"drill.approved", {{"person", play.scenario.approvers[i]}}});
  }
  return {};
}

base::Result<json::object> submit(Play& play, const std::filesystem::path& plan, const std::string& by) {
  auto text = base::read_file(plan);
  if (!text) return std::unexpected(text.error());
  return ask_owner(play.overlay.folders.state,
                   {{"op", "submit"}, {"plan", *text}, {"file", plan.string()}, {"by", by}});
}

}  // namespace broadcaster::drill
