// It is over: the author answers who confirms it and zone by zone, a quorum signs, and it is sent and observed.
#include <boost/json.hpp>

#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace {

/// One person alone ends nothing (R37), whatever they were allowed to begin.
base::Result<void> try_alone(Play& play, const std::filesystem::path& plan) {
  if (!play.scenario.alone) return {};
  auto tried = play.command({"send", plan.string(), "--break-glass", "--key", play.overlay.alone_key.string(),
                             "--confirm", play.confirmation, "--reason", play.scenario.alone->reason, "--no-wait"});
  if (!tried) return std::unexpected(tried.error());
  note_refusal(play, {"drill.try_all_clear_alone", {}}, first_line(tried->output), tried->status, 4);
  return {};
}

}  // namespace

base::Result<void> scene_all_clear(Play& play) {
  if (!play.scenario.all_clear) return {};
  play.heading("drill.scene_all_clear");
  std::string input;
  for (const auto& answer : play.scenario.all_clear->answers) input += answer + "\n";
  const auto file = play.overlay.folders.root / "all-clear.yaml";
  auto plan = file;
  plan.replace_extension(".plan");
  const auto code = word(play.report.facts.alert, "code");
  play.line("$ broadcaster all-clear " + code);
  auto made = play.command({"all-clear", code, "--mode", "drill", "-o", file.string(), "--key",
                            play.overlay.author_key.string(), "--no-page"},
                           play.overlay.folders.state, input);
  if (!made) return std::unexpected(made.error());
  if (made->status != 0) return failed("all-clear", *made);
  if (auto tried = try_alone(play, plan); !tried) return tried;
  if (auto approved = approve_all(play, plan); !approved) return approved;
  auto released = submit(play, plan, play.scenario.approvers.front());
  if (!released) return std::unexpected(released.error());
  play.say({"drill.released", {{"code", word(*released, "code")}}});
  auto& facts = play.report.facts;
  if (auto seen = observe_alert(play, word(*released, "alert"), play.stage.loop().now(), facts.all_clear,
                                [](base::milliseconds) { return base::Result<void>(); });
      !seen)
    return seen;
  // As it stands now: ended.
  if (auto order = alert_of(play, play.alert)) facts.alert = std::move(*order);
  return {};
}

}  // namespace broadcaster::drill
