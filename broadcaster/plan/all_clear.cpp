#include "broadcaster/plan/all_clear.hpp"

#include "broadcaster/plan/ending.hpp"
#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {
namespace {

Addressees with_answer(const PlanInput& input, const alert::Alert& alert, alert::Ending ending) {
  Addressees out{{}, input.agency.time_zone};
  for (const auto& order : alert.zones)
    if (const auto* zone = input.zones.find(order.zone); zone && order.ending == ending) out.zones.push_back(zone);
  return out;
}

alert::ResponseType response_of(alert::Ending ending) {
  switch (ending) {
    case alert::Ending::may_return:
      return alert::ResponseType::all_clear;
    case alert::Ending::not_yet:
      return alert::ResponseType::avoid;
  }
  return alert::ResponseType::avoid;
}

void say(const PlanInput& input, const alert::Alert& alert, const Addressees& whom, alert::Info& info) {
  const auto* words = input.templates.find(alert.hazard, info.language);
  const auto* said = words ? wording(*words, speech_of(*info.ending)) : nullptr;
  if (!said) return;  // lint says what it lacks
  auto texts = render_cap(*words, *said, slot_values(alert, input.agency, *words, whom, input.now));
  if (!texts) return;
  info.event = (*texts)["event"];
  info.headline = (*texts)["headline"];
  info.description = (*texts)["description"];
  info.instruction = (*texts)["instruction"];
}

}  // namespace

void answer_zones(const PlanInput& input, alert::Alert& alert) {
  std::vector<alert::Info> out;
  for (const auto ending : {alert::Ending::may_return, alert::Ending::not_yet}) {
    const auto whom = with_answer(input, alert, ending);
    if (whom.zones.empty()) continue;
    for (auto info : alert.infos) {
      info.ending = ending;
      info.responses = {response_of(ending)};
      info.urgency = alert::Urgency::past;
      info.certainty = alert::Certainty::observed;
      info.onset.reset();
      info.effective.reset();
      info.headline.clear();
      info.description.clear();
      info.instruction.clear();
      say(input, alert, whom, info);
      out.push_back(std::move(info));
    }
  }
  // Without any answer the alert's own lint refuses it, and should see what was written.
  if (!out.empty()) alert.infos = std::move(out);
}

}  // namespace broadcaster::plan
