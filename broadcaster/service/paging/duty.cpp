#include "broadcaster/service/paging/duty.hpp"

#include <algorithm>

namespace broadcaster::service {

const OnDuty* Duty::find(std::string_view person) const {
  const auto it = std::ranges::find(people, person, &OnDuty::person);
  return it == people.end() ? nullptr : &*it;
}

const PageWay* Duty::way(std::string_view name) const {
  const auto it = std::ranges::find(ways, name, &PageWay::name);
  return it == ways.end() ? nullptr : &*it;
}

bool Duty::reachable(const OnDuty& person, alert::Mode mode) const {
  return std::ranges::any_of(person.wake, [&](const Wake& wake) {
    const auto* known = way(wake.way);
    return known && known->mode == mode;
  });
}

bool Duty::has_ways(alert::Mode mode) const {
  return std::ranges::any_of(ways, [&](const PageWay& way) { return way.mode == mode; });
}

const std::vector<std::string>& on_duty(const Duty& duty, base::WallTime now, std::chrono::minutes offset) {
  static const std::vector<std::string> nobody;
  // 1970-01-01 was a Thursday.
  constexpr std::int64_t thursday = 3 * 24 * 60;
  const auto local = std::chrono::floor<std::chrono::minutes>(now + offset).time_since_epoch().count();
  constexpr auto week = static_cast<std::int64_t>(minutes_a_week);
  const auto minute = static_cast<std::size_t>((((local + thursday) % week) + week) % week);
  for (const auto& shift : duty.shifts)
    if (shift.when.test(minute)) return shift.order;
  return nobody;
}

}  // namespace broadcaster::service
