// A drill while it is played: what every scene works with. One scene is one function in a file of its name; their order
// stands in drill.cpp.
// Thread rule: the stage's thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/drill/drill.hpp"
#include "broadcaster/drill/net_guard.hpp"
#include "broadcaster/drill/overlay.hpp"
#include "broadcaster/drill/peers.hpp"
#include "broadcaster/drill/report.hpp"
#include "broadcaster/drill/scenario.hpp"
#include "broadcaster/drill/stage.hpp"
#include "broadcaster/service/progress.hpp"

namespace broadcaster::drill {

/// For an owner that starts or ends.
constexpr base::milliseconds owner_patience = std::chrono::seconds(10);

struct Play {
  const DrillOptions& options;
  const base::Catalogue& catalogue;
  const service::Config& config;
  const Scenario& scenario;
  const NetGuard& guard;
  Stage& stage;
  Overlay& overlay;
  Programs programs;
  Peers& peers;
  Report& report;
  std::unique_ptr<net::Child> owner;  ///< `broadcaster serve`
  std::filesystem::path written;      ///< the alert file that the author wrote; empty before
  std::filesystem::path plan;         ///< signed by the author, and by the approvers where they are awake
  std::string confirmation;           ///< what one person alone types: mode, hazard, number of zones
  std::string alert;                  ///< identifier, once released

  void say(base::Text text) const;
  void heading(const char* id) const;
  void line(const std::string& text) const;
  /// One of our commands, with the drill's configuration and state.
  base::Result<CommandResult> command(std::vector<std::string> arguments, const std::filesystem::path& state,
                                      const std::string& input = {});
  base::Result<CommandResult> command(std::vector<std::string> arguments) {
    return command(std::move(arguments), overlay.folders.state);
  }
  base::Result<std::unique_ptr<net::Child>> serve(const std::string& mode, const std::filesystem::path& state);
};

using Scene = base::Result<void> (*)(Play&);

/// From a blank screen to the alert: the questions of `broadcaster new` and the author's answers.
base::Result<void> scene_new(Play& play);
/// Two scripted people write and approve; what they will send is shown.
base::Result<void> scene_text(Play& play);
/// Three things that it must not do, tried.
base::Result<void> scene_refusals(Play& play);
/// It goes out, things break, and it goes on; until the observation ends.
base::Result<void> scene_release(Play& play);
/// It is over: an all-clear of its own, confirmed and answered zone by zone, signed, sent and observed as long.
base::Result<void> scene_all_clear(Play& play);
/// What was found is collected and scored.
base::Result<void> scene_report(Play& play);

}  // namespace broadcaster::drill
