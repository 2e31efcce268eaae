#include "broadcaster/plan/lint_context.hpp"

#include <algorithm>

namespace broadcaster::plan {

LintContext lint_context(const PlanInput& input, const Plan& plan, std::span<const alert::Shelter* const> unsafe,
                         const Rendering& text) {
  const auto& words = text.words;
  const auto& spoken = *wording(words, text.speech);
  LintContext out{.language = words.language,
                  .measure = text.measure,
                  .mark = text.mark,
                  .marks = &input.templates.marks,
                  .frame = {},
                  .sources = {input.agency.name_in(words.language), input.agency.short_name},
                  .hazards = spoken.hazard_words,
                  .places = {},
                  .zones = {},
                  .times = {},
                  .guidance = spoken.guidance_words,
                  .priority = plan.priority,
                  .time_name = input.agency.time_zone_name(text.addressees.time_zone),
                  .foreign = {},
                  .unsafe_shelters = {},
                  .taken_back = {},
                  .speech = text.speech,
                  .stop = spoken.stop_words,
                  .wait = {},
                  .never = {}};
  switch (text.speech) {
    case Speech::order:
      out.foreign = input.templates.foreign_to(words);
      for (const auto* shelter : unsafe)
        for (const auto& [_, name] : shelter->names) out.unsafe_shelters.push_back(name);
      break;
    case Speech::false_alarm:
      out.taken_back = words.order.guidance_words;
      break;
    case Speech::all_clear:
      out.taken_back = words.order.guidance_words;
      if (words.not_yet) (text.addressees.waiting.empty() ? out.never : out.wait) = words.not_yet->guidance_words;
      break;
    case Speech::not_yet:
      out.taken_back = words.order.guidance_words;
      if (words.all_clear) out.never = words.all_clear->guidance_words;
      if (words.all_clear) std::ranges::copy(words.all_clear->hazard_words, std::back_inserter(out.never));
      break;
  }
  for (const auto* zones : {&text.addressees.zones, &text.addressees.waiting})
    for (const auto* zone : *zones) {
      out.zones.push_back({zone->id.value,
                           {name_in(zone->names, words.language, input.agency),
                            name_in(zone->short_names, words.language, input.agency)}});
      std::ranges::copy(out.zones.back().names, std::back_inserter(out.places));
    }
  for (const auto* slot : {"arrival", "until"})
    if (const auto found = text.values.find(slot); found != text.values.end())
      out.times.push_back(std::get<std::string>(found->second));
  return out;
}

}  // namespace broadcaster::plan
