#include "broadcaster/dispatch/retry_budget.hpp"

#include <algorithm>
#include <utility>

namespace broadcaster::dispatch {
namespace {

constexpr std::chrono::seconds span{10};
constexpr double share = 0.2, least_a_second = 1;

}  // namespace

void RetryBudget::first_try(base::MonoTime now) {
  if (now - since_ >= 2 * span) {
    before_ = 0;
    now_ = 0;
    since_ = now;
  } else if (now - since_ >= span) {
    before_ = std::exchange(now_, 0);
    since_ += span;
  }
  ++now_;
}

/// The fuller of the two spans: one that has just begun says nothing yet.
double RetryBudget::first_tries_a_second(base::MonoTime now) const {
  const auto age = now - since_;
  if (age >= 2 * span) return 0;
  const int tries = age >= span ? now_ : std::max(now_, before_);
  return static_cast<double>(tries) / static_cast<double>(span.count());
}

base::MonoTime RetryBudget::book(Cost cost, base::MonoTime now) {
  const double rate = std::max(least_a_second, share * first_tries_a_second(now));
  const auto at = std::max(next_, now);
  const std::chrono::duration<double> room(static_cast<double>(cost) / rate);
  next_ = at + std::chrono::duration_cast<base::MonoTime::duration>(room);
  return at;
}

}  // namespace broadcaster::dispatch
