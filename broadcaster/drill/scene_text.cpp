// Two scripted people at their desks: from a blank screen to an approved plan.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace {

/// Of the preview, on the screen; all of it stands in the report.
constexpr std::size_t preview_lines = 28;

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

base::Result<void> try_author_approves(Play& play) {
  auto approved = play.command({"approve", play.plan.string(), "--key", play.overlay.author_key.string(), "--yes"});
  if (!approved) return std::unexpected(approved.error());
  note_refusal(play, {"drill.try_author", {}}, last_line(approved->output), approved->status, 4);
  return {};
}

}  // namespace

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
                               play.plan.string(), "--key", play.overlay.author_key.string(), "--no-page"});
  if (!planned) return std::unexpected(planned.error());
  if (planned->status != 0) return failed("plan", *planned);
  play.report.preview = planned->output;
  if (auto read = approval::read_plan_file(play.plan))
    play.confirmation = fmt::format("DRILL {} {}", read->plan.alert.hazard, read->plan.zones.size());
  else
    return std::unexpected(read.error());
  show_some(play, planned->output);
  play.say({"drill.author_signed", {{"person", play.scenario.author}}});
  // The refusal comes before the approvals, as it would in life.
  const auto trying = play.stage.loop().now();
  if (auto tried = try_author_approves(play); !tried) return tried;
  const auto tried_for = play.stage.loop().now() - trying;
  // Where one person releases alone, nobody answers: the plan stays as its author signed it.
  if (!play.scenario.alone)
    if (auto approved = approve_all(play, play.plan); !approved) return approved;
  play.report.blank_to_approved_ms += (play.stage.loop().now() - begun - tried_for).count();
  return {};
}

}  // namespace broadcaster::drill
