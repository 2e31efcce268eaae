// How much of what a bulk endpoint gets may be second tries: a gateway that loses every other answer must not be sent
// twice as much because of it.
//
// Second tries have a fifth of the rate at which the endpoint gets first ones (of the last ten seconds), and one a
// second at least; one whose first try had no answer counts double. They are booked: each gets its time, and waits for
// it on disk, so that a long list of them costs nothing meanwhile. Urgent classes have no budget, and while one of
// their alerts uses the endpoint nobody else sends again (Engine::take_unknown). Thread rule: plain value; the
// engine's.
#pragma once

#include "broadcaster/base/time.hpp"

namespace broadcaster::dispatch {

class RetryBudget {
 public:
  enum class Cost { refused = 1, no_answer = 2 };

  void first_try(base::MonoTime now);
  /// The time of one more second try: now, or behind those that were booked before it.
  base::MonoTime book(Cost cost, base::MonoTime now);

 private:
  double first_tries_a_second(base::MonoTime now) const;

  base::MonoTime next_{};
  base::MonoTime since_{};  ///< of the ten seconds under way
  int now_ = 0;             ///< first tries in them
  int before_ = 0;          ///< in the ten before
};

}  // namespace broadcaster::dispatch
