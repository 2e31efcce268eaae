// Three things that it must not do, tried: the first of them before the approvals (scene_text.cpp).
#include <boost/json.hpp>

#include "broadcaster/base/files.hpp"
#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

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

}  // namespace

base::Result<void> scene_refusals(Play& play) {
  play.heading("drill.scene_refusals");
  if (auto tried = try_edited_plan(play); !tried) return tried;
  return try_drill_live(play);
}

}  // namespace broadcaster::drill
