#include "broadcaster/drill/drill.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>

#include "broadcaster/base/files.hpp"
#include "broadcaster/drill/play.hpp"
#include "broadcaster/plan/local_time.hpp"

namespace broadcaster::drill {
namespace fs = std::filesystem;
namespace {

constexpr int interrupted = 130;
constexpr int not_as_expected = 6;

int tell(const base::Catalogue& catalogue, const base::Error& error) {
  fmt::print(stderr, "{}\n", catalogue.say(error));
  return base::exit_status(error.kind);
}

int tell(const base::Catalogue& catalogue, const base::Errors& errors) {
  int status = 0;
  for (const auto& error : errors) status = tell(catalogue, error);
  return status;
}

/// "2026-11-24T021500Z": sorts by time, and is a name on every file system.
std::string folder_name(base::WallTime now) {
  auto text = base::format_utc(now).substr(0, 19);
  std::erase(text, ':');
  return text + "Z";
}

base::Result<void> write_report(const Report& report, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (auto written = base::write_file(folder / "report.json", boost::json::serialize(report_json(report)) + "\n");
      !written)
    return written;
  return base::write_file(folder / "report.html", report_html(report));
}

/// "2026-11-24 02.15.40 WIB", for the page's first lines.
std::string local(const std::string& utc, const alert::Agency& agency) {
  const auto time = base::parse_utc(utc);
  if (!time) return utc;
  plan::Filling filling;
  filling.time_of_issue = *time;
  const plan::Hole whole{plan::HoleKind::time_of_issue, "yyyy-MM-dd HH.mm.ss",
                         plan::utc_offset(agency.time_zone, *time)};
  return plan::fill({whole}, filling) + " " + agency.time_zone_name(agency.time_zone);
}

/// On every way out, and after everything that reads them has ended.
struct Forgetting {
  Folders folders;
  ~Forgetting() { forget_recipients(folders); }
};

std::string when_released(const Play& play) {
  const auto* at = play.report.facts.alert.if_contains("released_at");
  return at && at->is_string() ? local(std::string(at->get_string()), play.config.agency) : std::string();
}

/// The scenes in their order; the first that cannot be played ends it.
base::Result<void> play_all(Play& play) {
  for (const Scene scene : {scene_new, scene_text, scene_refusals, scene_release, scene_all_clear}) {
    if (play.stage.interrupted()) return {};
    if (auto played = scene(play); !played) return played;
  }
  if (play.stage.interrupted()) return {};
  play.report.released_local = when_released(play);
  return scene_report(play);
}

/// A drill that could not be played to its end has a report too: what is known, and what ended it.
void close_unfinished(Play& play, const base::Error& error) {
  auto& report = play.report;
  report.released_local = when_released(play);
  report.facts.packets_out = play.guard.packets_out();
  report.verdicts = score(play.scenario, report.facts);
  report.verdicts.insert(report.verdicts.begin(),
                         {"played_to_the_end", Verdict::Outcome::not_met, "=", play.catalogue.say(error)});
  play.heading("drill.scene_report");
  for (const auto& text : report_lines(report)) play.line(text);
}

}  // namespace

int run_drill(const DrillOptions& options) {
  const auto& catalogue = base::Catalogue::of(options.language);
  const auto file = options.scenario.empty() ? options.config / "drills/tsunami-coast.yaml" : options.scenario;
  auto scenario = read_scenario(file);
  if (!scenario) return tell(catalogue, scenario.error());
  auto config = service::read_config(options.config);
  if (!config) return tell(catalogue, config.error());

  const auto guard = NetGuard::enter();
  fmt::print("{}\n", catalogue.say(base::Text{"drill.first_line", {}}));
  fmt::print("{}\n", catalogue.say(base::Text{guard.packets_out() ? "drill.guarded" : "drill.unguarded", {}}));
  fmt::print("{}\n", catalogue.say(base::Text{"drill.peers", {}}));
  std::fflush(stdout);

  const auto now = base::SystemClock().now().wall;
  auto folders = make_folders(fs::absolute(options.state) / "drills" / folder_name(now));
  if (!folders) return tell(catalogue, folders.error());
  const Forgetting forgetting{*folders};
  auto ports = take_ports();
  if (!ports) return tell(catalogue, ports.error());
  auto overlay = make_overlay(*config, *scenario, std::move(*folders), *ports, options.language);
  if (!overlay) return tell(catalogue, overlay.error());

  Report report;
  const auto named = scenario->names.find(options.language);
  report.title = named != scenario->names.end() ? named->second : scenario->names.begin()->second;
  report.agency = config->agency.name_in(alert::Language(options.language));
  report.language = options.language;
  report.started = base::format_utc(now);
  report.broken_on_purpose = scenario->sirens_down;
  report.broken_on_purpose.insert(report.broken_on_purpose.end(), scenario->sirens_mute.begin(),
                                  scenario->sirens_mute.end());

  Stage stage;
  const Programs programs{options.program, options.program.parent_path() / "broadcaster-siren"};
  Peers peers(stage, *overlay, *config, *scenario, programs);
  if (auto started = peers.start(); !started)
    return stage.interrupted() ? interrupted : tell(catalogue, started.error());
  Play play{.options = options,
            .catalogue = catalogue,
            .config = *config,
            .scenario = *scenario,
            .guard = guard,
            .stage = stage,
            .overlay = *overlay,
            .programs = programs,
            .peers = peers,
            .report = report,
            .owner = {},
            .written = {},
            .plan = {},
            .confirmation = {},
            .alert = {}};
  auto played = play_all(play);
  if (play.owner) stage.end({play.owner.get()}, std::chrono::seconds(10));
  if (stage.interrupted()) {
    fmt::print("{}\n", catalogue.say(base::Text{"drill.interrupted", {}}));
    return interrupted;
  }
  if (!played) close_unfinished(play, played.error());

  const auto folder = options.report.empty() ? overlay->folders.root : options.report;
  if (auto written = write_report(report, folder); !written) return tell(catalogue, written.error());
  fmt::print("{}\n", catalogue.say(base::Text{"drill.report_at", {{"file", (folder / "report.html").string()}}}));
  if (!played) return tell(catalogue, played.error());
  fmt::print("\n── {}\n{}\n", catalogue.say(base::Text{"drill.heading_your_town", {}}),
             catalogue.say(base::Text{"drill.your_town", {}}));
  return good(report) ? 0 : not_as_expected;
}

}  // namespace broadcaster::drill
