#include "broadcaster/service/lapse.hpp"

namespace broadcaster::service {
namespace {

using std::chrono::minutes;

std::int64_t minutes_of(LapseStage stage) {
  switch (stage) {
    case LapseStage::thirty_minutes:
      return 30;
    case LapseStage::ten_minutes:
      return 10;
    case LapseStage::two_minutes:
      return 2;
    case LapseStage::lapsed:
      return 0;
  }
  return 0;
}

bool is_of_danger(const InForce& alert) {
  if (alert.waiting == InForce::Waiting::yes || alert.urgency == alert::Urgency::immediate) return true;
  // CAP's order: Extreme is the first.
  return alert.urgency == alert::Urgency::expected && alert.severity <= alert::Severity::severe;
}

/// A false alarm, or an all-clear by which everybody may return, may run out: it leaves nobody in danger.
bool warns(const InForce& alert) {
  if (!is_of_danger(alert)) return false;
  switch (alert.type) {
    case alert::MessageType::alert:
    case alert::MessageType::update:
      return true;
    case alert::MessageType::cancel:
    case alert::MessageType::ack:
    case alert::MessageType::error:
      return false;
  }
  return false;
}

}  // namespace

std::optional<LapseStage> lapse_stage(const InForce& alert, base::WallTime now) {
  if (!warns(alert) || alert.followed == InForce::Followed::yes) return std::nullopt;
  const auto left = alert.expires - now;
  if (left <= -lapse_shown) return std::nullopt;
  if (left <= minutes(0)) return LapseStage::lapsed;
  for (const auto stage : {LapseStage::two_minutes, LapseStage::ten_minutes, LapseStage::thirty_minutes})
    if (left <= minutes(minutes_of(stage))) return stage;
  return std::nullopt;
}

base::Text lapse_text(const InForce& alert, LapseStage stage) {
  switch (stage) {
    case LapseStage::thirty_minutes:
    case LapseStage::ten_minutes:
    case LapseStage::two_minutes:
      return {"service.lapses_soon", {{"alert", alert.code}, {"minutes", minutes_of(stage)}}};
    case LapseStage::lapsed:
      return {"service.lapsed", {{"alert", alert.code}}};
  }
  return {"service.lapsed", {{"alert", alert.code}}};
}

}  // namespace broadcaster::service
