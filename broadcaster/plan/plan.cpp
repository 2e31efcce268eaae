#include "broadcaster/plan/plan.hpp"

#include "broadcaster/alert/all_clear.hpp"

namespace broadcaster::plan {
namespace {

bool any(const alert::Alert& alert, alert::Urgency urgency) {
  for (const auto& info : alert.infos)
    if (info.urgency == urgency) return true;
  return false;
}

bool threatens_life(const alert::Alert& alert) {
  for (const auto& info : alert.infos)
    if (info.severity == alert::Severity::extreme || info.severity == alert::Severity::severe) return true;
  return false;
}

}  // namespace

Priority priority(const alert::Alert& alert) {
  switch (alert.status) {
    case alert::Status::actual:
      // Whoever was woken is calmed as urgently.
      if (alert::is_all_clear(alert)) return threatens_life(alert) ? 0 : 1;
      if (any(alert, alert::Urgency::immediate)) return threatens_life(alert) ? 0 : 1;
      return any(alert, alert::Urgency::expected) ? 2 : 3;
    case alert::Status::system:
      return 5;
    case alert::Status::exercise:
      return 6;
    case alert::Status::test:
    case alert::Status::draft:
      return 7;
  }
  return 7;
}

const Message* find_message(const Plan& plan, const EndpointName& endpoint, const alert::Language& language,
                            const alert::ZoneId& zone) {
  const Message* for_all_zones = nullptr;
  for (const auto& message : plan.messages) {
    if (message.endpoint != endpoint || message.language != language) continue;
    if (message.zone == zone) return &message;
    if (message.zone.value.empty()) for_all_zones = &message;
  }
  return for_all_zones;
}

}  // namespace broadcaster::plan
