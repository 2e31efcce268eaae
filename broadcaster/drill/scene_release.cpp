// It goes out, things break, and it goes on.
#include <boost/json.hpp>
#include <csignal>

#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/scene_break_glass.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace {

using std::chrono::seconds;

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

base::Result<boost::json::object> release_by_quorum(Play& play) {
  return submit(play, play.plan, play.scenario.approvers.front());
}

}  // namespace

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
  auto released = play.scenario.alone ? release_alone(play) : release_by_quorum(play);
  if (!released) return std::unexpected(released.error());
  play.alert = word(*released, "alert");
  const auto begun = play.stage.loop().now();
  play.say({"drill.released", {{"code", word(*released, "code")}}});

  auto next_fault = play.scenario.faults.begin();
  const auto meanwhile = [&](base::milliseconds now) -> base::Result<void> {
    while (next_fault != play.scenario.faults.end() && next_fault->at <= now) {
      if (auto happened = happen(play, *next_fault, now.count()); !happened) return happened;
      ++next_fault;
    }
    return {};
  };
  if (auto seen = observe_alert(play, play.alert, begun, play.report.facts.alert, meanwhile); !seen) return seen;
  play.report.observed_ms = (play.stage.loop().now() - begun).count();
  return {};
}

}  // namespace broadcaster::drill
