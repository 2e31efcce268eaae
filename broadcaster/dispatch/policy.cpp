#include "broadcaster/dispatch/policy.hpp"

#include <algorithm>

#include "broadcaster/alert/all_clear.hpp"

namespace broadcaster::dispatch {

using std::chrono::seconds;

Backoff backoff_of(alert::Urgency urgency) {
  switch (urgency) {
    case alert::Urgency::immediate:
      return {base::milliseconds(250), seconds(15)};
    case alert::Urgency::expected:
      return {seconds(1), seconds(60)};
    case alert::Urgency::future:
      return {seconds(2), seconds(120)};
    case alert::Urgency::past:
    case alert::Urgency::unknown:
      return {seconds(5), seconds(300)};
  }
  return {seconds(5), seconds(300)};
}

alert::Urgency urgency_of(const plan::Plan& plan) {
  if (plan.alert.type == alert::MessageType::cancel || alert::is_all_clear(plan.alert))
    return alert::Urgency::immediate;
  auto most = alert::Urgency::unknown;
  for (const auto& info : plan.alert.infos) most = std::min(most, info.urgency);  // CAP's order: Immediate is the first
  return most;
}

base::milliseconds draw(const Backoff& backoff, int retry, base::Random& random) {
  const int doublings = std::clamp(retry, 0, 20);
  const auto widest = std::min<base::milliseconds>(backoff.cap, backoff.base * (std::int64_t{1} << doublings));
  return base::milliseconds(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(widest.count()) + 1)));
}

}  // namespace broadcaster::dispatch
