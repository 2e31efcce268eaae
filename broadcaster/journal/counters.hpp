// How many deliveries stand where, and when an endpoint first and last did something: summed up in memory for one
// transaction, then written with it. Nothing ever counts a million rows. Thread rule: a local of one transaction.
#pragma once

#include <map>
#include <tuple>

#include "broadcaster/journal/journal.hpp"

namespace broadcaster::journal {

class Counters {
 public:
  /// `endpoint`: of the last attempt, empty before the first.
  void add(AlertId alert, RouteIndex route, const plan::EndpointName& endpoint, State state, std::int64_t n);

  enum class Attempt { first_hand, possible_duplicate };
  void attempt(AlertId alert, const plan::EndpointName& endpoint, base::WallTime at, Attempt kind);
  /// The delivery came to accepted or confirmed; other states have no time here.
  void reached(AlertId alert, const plan::EndpointName& endpoint, State state, base::WallTime at);

  void write(sqlite::Database& db) const;

 private:
  struct Span {
    std::optional<base::WallTime> first, last;
    void include(base::WallTime at);
  };
  struct Times {
    Span attempts, accepted, confirmed;
    std::int64_t attempt_count = 0, possible_duplicates = 0;
  };
  std::map<std::tuple<AlertId, RouteIndex, plan::EndpointName, State>, std::int64_t> states_;
  std::map<std::pair<AlertId, plan::EndpointName>, Times> times_;
};

}  // namespace broadcaster::journal
