// Which languages and zones an endpoint serves for one alert. Thread rule: pure.
#pragma once

#include <span>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/zones.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/templates.hpp"

namespace broadcaster::plan {

/// The endpoint's languages (else the agency's) that have a template for the hazard, in order.
std::vector<alert::Language> languages_of(const Endpoint& endpoint, const alert::Agency& agency,
                                          const Templates& templates, const std::string& hazard);
/// Those that have none.
std::vector<alert::Language> languages_without_words(const Endpoint& endpoint, const alert::Agency& agency,
                                                     const Templates& templates, const std::string& hazard);

/// The alert's zones that the endpoint serves, in the alert's order. Zones that the map does not have are left out.
std::vector<const alert::Zone*> zones_of(const Endpoint& endpoint, const alert::Alert& alert,
                                         const alert::Zones& zones);

bool serves(const Endpoint& endpoint, const alert::ZoneId& zone);

/// Whether an alert of this status may use this endpoint: System goes to staff and devices, never to the public.
bool may_use(const Endpoint& endpoint, alert::Status status);

}  // namespace broadcaster::plan
