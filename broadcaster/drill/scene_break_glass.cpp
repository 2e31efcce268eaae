#include "broadcaster/drill/scene_break_glass.hpp"

#include <boost/json.hpp>

#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace json = boost::json;
namespace {

/// Beyond the wait: two clocks are read, and a command takes a moment.
constexpr base::milliseconds margin{300};

base::Result<CommandResult> send_alone(Play& play) {
  return play.command({"send", play.plan.string(), "--break-glass", "--key", play.overlay.alone_key.string(),
                       "--confirm", play.confirmation, "--reason", play.scenario.alone->reason, "--no-wait"});
}

/// Nothing was released before: it is the last one.
base::Result<json::object> newest_alert(const Play& play) {
  auto status = ask_owner(play.overlay.folders.state, {{"op", "status"}});
  if (!status) return std::unexpected(status.error());
  const auto* alerts = status->if_contains("alerts");
  if (!alerts || !alerts->is_array() || alerts->get_array().empty())
    return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
  const auto& alert = alerts->get_array().back().as_object();
  return json::object{{"alert", word(alert, "identifier")}, {"code", word(alert, "code")}};
}

}  // namespace

base::Result<json::object> release_alone(Play& play) {
  const auto& alone = *play.scenario.alone;
  auto paged = play.command({"page", "approvers", play.plan.string()});
  if (!paged) return std::unexpected(paged.error());
  if (paged->status != 0) return failed("page approvers", *paged);
  const auto called = play.stage.loop().now();
  play.line("  " + first_line(paged->output));
  auto early = send_alone(play);
  if (!early) return std::unexpected(early.error());
  note_refusal(play, {"drill.try_early", {}}, first_line(early->output), early->status, 4);
  play.say({"drill.nobody_answers", {{"seconds", std::int64_t{alone.after.count()}}}});
  play.stage.wait_until([&] { return play.stage.loop().now() - called > alone.after + margin; },
                        alone.after + owner_patience);
  auto sent = send_alone(play);
  if (!sent) return std::unexpected(sent.error());
  if (sent->status != 0) return failed("send --break-glass", *sent);
  play.say({"drill.alone", {{"person", alone.by}, {"reason", alone.reason}}});
  return newest_alert(play);
}

}  // namespace broadcaster::drill
