// What was found is collected and scored.
#include <boost/json.hpp>

#include "broadcaster/drill/owner_link.hpp"
#include "broadcaster/drill/scene_tools.hpp"

namespace broadcaster::drill {
namespace {

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

base::Result<void> scene_report(Play& play) {
  read_sirens(play);
  read_seen(play);
  play.report.facts.duty_numbers = play.overlay.duty_numbers;
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
