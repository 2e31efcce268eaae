#include "broadcaster/plan/free_text.hpp"

#include "broadcaster/plan/render.hpp"
#include "broadcaster/plan/values.hpp"

namespace broadcaster::plan {

std::vector<std::string> free_text(const PlanInput& input) {
  const auto& alert = input.alert;
  std::vector<std::string> out;
  for (const auto& slot : alert.slots) out.push_back("slots." + slot.name);
  Addressees everybody{{}, input.agency.time_zone};
  for (const auto& order : alert.zones)
    if (const auto* zone = input.zones.find(order.zone)) everybody.zones.push_back(zone);
  for (std::size_t i = 0; i < alert.infos.size(); ++i) {
    const auto& info = alert.infos[i];
    std::map<std::string, std::string> own;
    const auto* words = input.templates.find(alert.hazard, info.language);
    if (words && !everybody.zones.empty())
      if (auto texts = render_cap(*words, words->order, slot_values(alert, input.agency, *words, everybody, input.now)))
        own = *texts;
    const std::pair<const char*, const std::string*> typed[] = {{"event", &info.event},
                                                                {"headline", &info.headline},
                                                                {"description", &info.description},
                                                                {"instruction", &info.instruction}};
    for (const auto& [name, text] : typed)
      if (!text->empty() && *text != own[name]) out.push_back("infos[" + std::to_string(i) + "]." + name);
  }
  return out;
}

}  // namespace broadcaster::plan
