#include "broadcaster/plan/zone_languages.hpp"

#include <algorithm>

#include "broadcaster/plan/document.hpp"

namespace broadcaster::plan {
namespace {

/// An account speaks to all zones; a document speaks to agencies, and to nobody in the street.
bool speaks(const Plan& plan, const alert::ZoneId& zone, const alert::Language& language) {
  return std::ranges::any_of(plan.messages, [&](const Message& message) {
    return !is_document(message) && message.language == language &&
           (message.zone == zone || message.zone.value.empty());
  });
}

}  // namespace

std::vector<Finding> unspoken_languages(const Plan& plan, const alert::Zones& zones) {
  std::vector<Finding> out;
  for (const auto& planned : plan.zones) {
    const auto* zone = zones.find(planned.id);
    for (const auto& language : zone ? zone->languages : std::vector<alert::Language>())
      if (!speaks(plan, planned.id, language))
        out.push_back({"zone_language",
                       {"plan.zone_language", {{"zone", planned.id.value}, {"language", language.value}}},
                       {},
                       language,
                       planned.id});
  }
  return out;
}

bool sirens_have_words(const Plan& plan) {
  bool sirens = false;
  for (const auto& message : plan.messages) {
    if (is_document(message)) continue;
    const auto* program = std::get_if<SirenProgram>(&message.body);
    if (!program || !program->voice_texts.empty()) return true;
    sirens = true;
  }
  return !sirens;
}

}  // namespace broadcaster::plan
