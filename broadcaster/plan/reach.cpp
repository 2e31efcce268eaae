#include "broadcaster/plan/reach.hpp"

#include <algorithm>

namespace broadcaster::plan {
namespace {

const std::vector<alert::Language>& wanted(const Endpoint& endpoint, const alert::Agency& agency) {
  return endpoint.languages.empty() ? agency.languages : endpoint.languages;
}

}  // namespace

std::vector<alert::Language> languages_of(const Endpoint& endpoint, const alert::Agency& agency,
                                          const Templates& templates, const std::string& hazard) {
  std::vector<alert::Language> out;
  for (const auto& language : wanted(endpoint, agency))
    if (templates.find(hazard, language)) out.push_back(language);
  return out;
}

std::vector<alert::Language> languages_without_words(const Endpoint& endpoint, const alert::Agency& agency,
                                                     const Templates& templates, const std::string& hazard) {
  std::vector<alert::Language> out;
  for (const auto& language : wanted(endpoint, agency))
    if (!templates.find(hazard, language)) out.push_back(language);
  return out;
}

std::vector<const alert::Zone*> zones_of(const Endpoint& endpoint, const alert::Alert& alert,
                                         const alert::Zones& zones) {
  std::vector<const alert::Zone*> out;
  for (const auto& order : alert.zones) {
    const auto* zone = zones.find(order.zone);
    if (serves(endpoint, order.zone) && zone && std::ranges::find(out, zone) == out.end()) out.push_back(zone);
  }
  return out;
}

bool serves(const Endpoint& endpoint, const alert::ZoneId& zone) {
  return endpoint.zones.empty() || std::ranges::find(endpoint.zones, zone) != endpoint.zones.end();
}

bool may_use(const Endpoint& endpoint, alert::Status status) {
  switch (alert::rule_of(status).reach) {
    case alert::Reach::public_live:
    case alert::Reach::drill:
    case alert::Reach::nobody:  // planned, never released
      return true;
    case alert::Reach::staff_and_devices:
      return endpoint.readers == Readers::staff;
  }
  return false;
}

}  // namespace broadcaster::plan
