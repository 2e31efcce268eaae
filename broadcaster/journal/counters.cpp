#include "broadcaster/journal/counters.hpp"

namespace broadcaster::journal {

void Counters::add(AlertId alert, RouteIndex route, const plan::EndpointName& endpoint, State state, std::int64_t n) {
  states_[{alert, route, endpoint, state}] += n;
}

void Counters::attempt(AlertId alert, const plan::EndpointName& endpoint, base::WallTime at, Attempt kind) {
  auto& times = times_[{alert, endpoint}];
  times.attempts.include(at);
  ++times.attempt_count;
  if (kind == Attempt::possible_duplicate) ++times.possible_duplicates;
}

void Counters::reached(AlertId alert, const plan::EndpointName& endpoint, State state, base::WallTime at) {
  if (state == State::accepted) times_[{alert, endpoint}].accepted.include(at);
  if (state == State::confirmed) times_[{alert, endpoint}].confirmed.include(at);
}

void Counters::Span::include(base::WallTime at) {
  if (!first || at < *first) first = at;
  if (!last || at > *last) last = at;
}

void Counters::write(sqlite::Database& db) const {
  for (const auto& [key, n] : states_) {
    const auto& [alert, route, endpoint, state] = key;
    if (n == 0) continue;
    db.run(
        "INSERT INTO counter(alert, route, endpoint, state, n) VALUES(?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET n = n + ?5",
        alert.value, route.value, endpoint.value, to_number(state), n);
  }
  for (const auto& [key, times] : times_)
    // min() and max() of a NULL are NULL, hence the coalesce on both sides.
    db.run(
        "INSERT INTO endpoint_times VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO UPDATE SET"
        " first_attempt = min(coalesce(first_attempt, ?3), coalesce(?3, first_attempt)),"
        " first_accepted = min(coalesce(first_accepted, ?4), coalesce(?4, first_accepted)),"
        " last_accepted = max(coalesce(last_accepted, ?5), coalesce(?5, last_accepted)),"
        " first_confirmed = min(coalesce(first_confirmed, ?6), coalesce(?6, first_confirmed)),"
        " last_confirmed = max(coalesce(last_confirmed, ?7), coalesce(?7, last_confirmed)),"
        " attempts = attempts + ?8, possible_duplicates = possible_duplicates + ?9",
        key.first.value, key.second.value, to_ms(times.attempts.first), to_ms(times.accepted.first),
        to_ms(times.accepted.last), to_ms(times.confirmed.first), to_ms(times.confirmed.last), times.attempt_count,
        times.possible_duplicates);
}

}  // namespace broadcaster::journal
