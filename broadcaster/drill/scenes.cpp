#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>

#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/play.hpp"
#include "broadcaster/drill/seen.hpp"
#include "broadcaster/service/state.hpp"
#include "broadcaster/service/wire.hpp"

namespace broadcaster::drill {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

using std::chrono::seconds;

constexpr base::milliseconds command_patience = seconds(20);
constexpr base::milliseconds owner_patience = seconds(10);
constexpr base::milliseconds look_every{100};
/// Of the preview, on the screen; all of it stands in the report.
constexpr std::size_t preview_lines = 28;

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

/// The first lines of the messages, and how many more there are.
void show_some(const Play& play, const std::string& text) {
  const auto heading = text.find("\n" + play.catalogue.say(base::Text{"plan.preview_messages", {}}) + "\n");
  std::size_t shown = 0, from = heading == std::string::npos ? 0 : heading + 1;
  std::int64_t more = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    if (shown < preview_lines) {
      play.line("  " + text.substr(from, end - from));
      ++shown;
    } else {
      ++more;
    }
    from = end + 1;
  }
  if (more > 0) play.say({"drill.more_lines", {{"n", more}}});
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

/// A zone is taken out of the plan after it was approved.
base::Result<void> try_edited_plan(Play& play) {
  auto text = base::read_file(play.plan);
  if (!text) return std::unexpected(text.error());
  json::error_code code;
  auto value = json::parse(*text, code);
  if (code) return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
  auto& zones = value.at("plan").at("zones").as_array();
  zones.erase(zones.begin());
  const auto edited = play.overlay.folders.root / "edited.plan";
  if (auto written = base::write_file(edited, json::serialize(value)); !written)
    return std::unexpected(written.error());
  auto sent = play.command({"send", edited.string()}, play.overlay.folders.root / "refused-state");
  if (!sent) return std::unexpected(sent.error());
  note_refusal(play, {"drill.try_edited", {}}, first_line(sent->output), sent->status, 4);
  return {};
}

base::Result<void> try_author_approves(Play& play) {
  auto approved = play.command({"approve", play.plan.string(), "--key", play.overlay.author_key.string(), "--yes"});
  if (!approved) return std::unexpected(approved.error());
  note_refusal(play, {"drill.try_author", {}}, last_line(approved->output), approved->status, 4);
  return {};
}

/// A drill is handed to a broadcaster that works live. It has no endpoint here, and it must not come to that.
base::Result<void> try_drill_live(Play& play) {
  const auto state = play.overlay.folders.root / "live-state";
  auto live = play.serve("live", state);
  if (!live) return std::unexpected(live.error());
  auto text = base::read_file(play.plan);
  if (!text) return std::unexpected(text.error());
  auto answer = ask_owner(state, {{"op", "submit"}, {"plan", *text}, {"file", play.plan.string()}});
  if (!answer && answer.error().kind == base::ErrorKind::refused)
    note_refusal(play, {"drill.try_live", {}}, play.catalogue.say(answer.error()),
                 base::exit_status(answer.error().kind), 4);
  else
    note_refusal(play, {"drill.try_live", {}}, answer ? json::serialize(*answer) : play.catalogue.say(answer.error()),
                 0, 4);
  play.stage.end({live->get()}, owner_patience);
  return {};
}

/// What goes wrong at this moment of the scenario.
base::Result<void> happen(Play& play, const ScenarioFault& fault, std::int64_t at_ms) {
  const char* id = "";
  base::Result<void> done;
  switch (fault.kind) {
    case FaultKind::stop_gateway:
      id = "drill.fault_stop_gateway";
      play.peers.stop_gateway();
      break;
    case FaultKind::start_gateway:
      id = "drill.fault_start_gateway";
      done = play.peers.start_gateway();
      break;
    case FaultKind::stop_broker:
      id = "drill.fault_stop_broker";
      play.peers.stop_broker();
      break;
    case FaultKind::start_broker:
      id = "drill.fault_start_broker";
      done = play.peers.start_broker();
      break;
    case FaultKind::kill_broadcaster:
      id = "drill.fault_kill_broadcaster";
      play.owner->signal(SIGKILL);
      play.stage.wait_until([&] { return !play.owner->running(); }, owner_patience);
      play.owner.reset();
      break;
    case FaultKind::start_broadcaster: {
      id = "drill.fault_start_broadcaster";
      auto owner = play.serve("drill", play.overlay.folders.state);
      if (!owner) return std::unexpected(owner.error());
      play.owner = std::move(*owner);
      break;
    }
  }
  play.report.faults.push_back({at_ms, {id, {}}});
  return done;
}

std::optional<json::object> alert_of(Play& play) {
  auto answer = ask_owner(play.overlay.folders.state, {{"op", "status"}, {"alert", play.alert}}, seconds(2));
  if (!answer) return std::nullopt;
  const auto* alerts = answer->if_contains("alerts");
  if (!alerts || !alerts->is_array() || alerts->get_array().empty()) return std::nullopt;
  return alerts->get_array()[0].as_object();
}

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

void read_seen(Play& play) {
  std::int64_t after = 0;
  if (auto seen = drill::read_seen(play.stage, play.overlay.ports.range, after))
    play.report.facts.seen = std::move(*seen);
}

void read_sirens(Play& play) {
  std::int64_t after = 0;
  for (;;) {
    auto answer = ask_owner(play.overlay.folders.state,
                            {{"op", "deliveries"}, {"alert", play.alert}, {"after", after}, {"limit", 1000}});
    if (!answer) return;
    const auto& lines = answer->at("deliveries").as_array();
    if (lines.empty()) return;
    for (const auto& value : lines) {
      const auto& line = value.as_object();
      after = line.at("id").as_int64();
      for (const auto& siren : play.config.sirens)
        if (word(line, "recipient") == siren.id.value) play.report.facts.sirens[siren.id.value] = word(line, "state");
    }
  }
}

}  // namespace

void Play::line(const std::string& text) const {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

void Play::say(base::Text text) const { line(catalogue.say(text)); }

void Play::heading(const char* id) const {
  line("");
  line("── " + catalogue.say(base::Text{id, {}}));
}

base::Result<CommandResult> Play::command(std::vector<std::string> arguments, const fs::path& state,
                                          const std::string& input) {
  std::vector<std::string> argv{programs.broadcaster.string(),
                                "--config",
                                overlay.folders.config.string(),
                                "--templates",
                                options.templates.string(),
                                "--state",
                                state.string(),
                                "--lang",
                                options.language};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return stage.command(std::move(argv), command_patience, input);
}

base::Result<std::unique_ptr<net::Child>> Play::serve(const std::string& mode, const fs::path& state) {
  const auto log = overlay.folders.logs / ("broadcaster-" + mode + ".log");
  auto child = stage.start({programs.broadcaster.string(), "--config", overlay.folders.config.string(), "--state",
                            state.string(), "--lang", options.language, "serve", "--mode", mode},
                           log);
  if (!child) return std::unexpected(child.error());
  const bool up = stage.wait_until(
      [&] { return !(*child)->running() || ask_owner(state, {{"op", "hello"}}, seconds(1)).has_value(); },
      owner_patience);
  if (!up || !(*child)->running())
    return base::fail(base::ErrorKind::unavailable,
                      {"drill.peer_not_started", {{"peer", std::string("broadcaster serve")}, {"log", log.string()}}});
  return child;
}

base::Result<void> scene_new(Play& play) {
  if (!play.scenario.interview) return {};
  play.heading("drill.scene_new");
  const auto& script = *play.scenario.interview;
  std::string input;
  for (const auto& answer : script.answers) input += answer + "\n";
  play.written = play.overlay.folders.root / "drill.yaml";
  play.line("$ broadcaster new " + script.hazard);
  const auto begun = play.stage.loop().now();
  auto made = play.command({"new", script.hazard, "-o", play.written.string()}, play.overlay.folders.state, input);
  if (!made) return std::unexpected(made.error());
  if (made->status != 0) return failed("new", *made);
  play.report.blank_to_approved_ms = (play.stage.loop().now() - begun).count();
  play.report.keys_typed = static_cast<std::int64_t>(input.size());
  play.line(made->output);
  return {};
}

base::Result<void> scene_text(Play& play) {
  play.heading("drill.scene_text");
  const auto begun = play.stage.loop().now();
  play.plan = play.overlay.folders.root / "drill.plan";
  auto planned = play.command({"plan", (play.written.empty() ? play.scenario.alert : play.written).string(), "-o",
                               play.plan.string(), "--key", play.overlay.author_key.string()});
  if (!planned) return std::unexpected(planned.error());
  if (planned->status != 0) return failed("plan", *planned);
  play.report.preview = planned->output;
  show_some(play, planned->output);
  play.say({"drill.author_signed", {{"person", play.scenario.author}}});
  // The refusal comes before the approvals, as it would in life.
  const auto trying = play.stage.loop().now();
  if (auto tried = try_author_approves(play); !tried) return tried;
  const auto tried_for = play.stage.loop().now() - trying;
  for (std::size_t i = 0; i < play.overlay.approver_keys.size(); ++i) {
    auto approved =
        play.command({"approve", play.plan.string(), "--key", play.overlay.approver_keys[i].string(), "--yes"});
    if (!approved) return std::unexpected(approved.error());
    if (approved->status != 0) return failed("approve", *approved);
    play.say({"drill.approved", {{"person", play.scenario.approvers[i]}}});
  }
  play.report.blank_to_approved_ms += (play.stage.loop().now() - begun - tried_for).count();
  return {};
}

base::Result<void> scene_refusals(Play& play) {
  play.heading("drill.scene_refusals");
  if (auto tried = try_edited_plan(play); !tried) return tried;
  return try_drill_live(play);
}

base::Result<void> scene_release(Play& play) {
  play.heading("drill.scene_release");
  auto owner = play.serve("drill", play.overlay.folders.state);
  if (!owner) return std::unexpected(owner.error());
  play.owner = std::move(*owner);
  // The sirens' channel needs its link to the broker before the clock starts, as it has on a real night.
  play.stage.wait_until(
      [&] {
        auto answer = ask_owner(play.overlay.folders.state, {{"op", "hello"}}, seconds(1));
        const auto* ready = answer ? answer->if_contains("ready") : nullptr;
        return ready && ready->is_bool() && ready->get_bool();
      },
      owner_patience);
  auto text = base::read_file(play.plan);
  if (!text) return std::unexpected(text.error());
  auto answer = ask_owner(
      play.overlay.folders.state,
      {{"op", "submit"}, {"plan", *text}, {"file", play.plan.string()}, {"by", play.scenario.approvers.front()}});
  if (!answer) return std::unexpected(answer.error());
  play.alert = word(*answer, "alert");
  const auto released = play.stage.loop().now();
  play.say({"drill.released", {{"code", word(*answer, "code")}}});

  const auto style = service::style_of(stdout, play.options.language);
  service::ProgressScreen screen(stdout, style);
  auto next_fault = play.scenario.faults.begin();
  for (;;) {
    const auto now = play.stage.loop().now() - released;
    if (now >= play.scenario.observe || play.stage.interrupted()) break;
    while (next_fault != play.scenario.faults.end() && next_fault->at <= now) {
      if (auto happened = happen(play, *next_fault, now.count()); !happened) return happened;
      ++next_fault;
    }
    if (play.owner)
      if (auto alert = alert_of(play)) play.report.facts.alert = std::move(*alert);
    screen.show(picture(play, play.report.facts.alert, style, (play.stage.loop().now() - released).count()),
                play.stage.loop().now().time_since_epoch().count());
    play.stage.wait(look_every);
  }
  play.report.observed_ms = (play.stage.loop().now() - released).count();
  if (auto alert = alert_of(play)) play.report.facts.alert = std::move(*alert);
  screen.show(picture(play, play.report.facts.alert, style, play.report.observed_ms),
              play.stage.loop().now().time_since_epoch().count() + 1000);
  screen.finish();
  return {};
}

base::Result<void> scene_report(Play& play) {
  read_sirens(play);
  read_seen(play);
  auto verified = ask_owner(play.overlay.folders.state, {{"op", "verify"}});
  if (!verified) return std::unexpected(verified.error());
  play.report.facts.record = std::move(*verified);
  play.report.facts.record.erase("ok");
  if (play.owner) play.stage.end({play.owner.get()}, owner_patience);
  play.report.facts.packets_out = play.guard.packets_out();
  play.report.verdicts = score(play.scenario, play.report.facts);
  play.heading("drill.scene_report");
  for (const auto& text : report_lines(play.report)) play.line(text);
  return {};
}

}  // namespace broadcaster::drill
