// Witness: who of an update comes first, and how many at a time.
#include <fmt/core.h>

#include <algorithm>

#include "tests/simulation/witness.hpp"

namespace broadcaster::simulation {

using delivery::AlertId;
using delivery::State;

/// Of all revisions before it, as they stand now.
Witness::Had Witness::had(const Alert& update, const std::string& number) const {
  auto most = Had::nothing;
  for (auto revision = update.follows; revision; revision = alerts_.at(*revision).follows)
    for (const auto& [_, row] : rows_) {
      if (row.alert != *revision || row.recipient != number) continue;
      if (row.state == State::accepted || row.state == State::confirmed) return Had::a_text;
      if (row.state == State::sent || row.state == State::unknown) most = Had::perhaps;
    }
  return most;
}

bool Witness::is_in_hand(AlertId id, const std::string& number) const {
  return std::ranges::any_of(rows_, [&](const auto& entry) {
    const auto& row = entry.second;
    return row.alert == id && row.recipient == number && (row.attempts > 0 || row.state != State::pending);
  });
}

/// An update goes to nobody who has a text before everybody of his zone who has none was tried.
void Witness::check_who_comes_first(AlertId id, const Known& row) const {
  const auto& of = alerts_.at(id);
  const auto before = of.had.find(row.recipient);
  if (row.handed > 1 || before == of.had.end() || before->second != Had::a_text) return;
  // A receipt may have taken it back for a while, and his row was made meanwhile.
  if (row.had != Had::a_text || had(of, row.recipient) != Had::a_text) return;
  for (const auto& number : of.story->people.at(row.zone))
    if (of.had.at(number) == Had::nothing && had(of, number) == Had::nothing && !is_in_hand(id, number))
      broken(fmt::format("{} has a text already and gets {} before {}, who has none", row.recipient,
                         of.story->identifier, number));
}

void Witness::finished(const delivery::AttemptId& attempt) {
  for (auto& [_, handed] : handed_) handed.open.erase(attempt);
}

/// No more in flight than its window, and no faster than was contracted: a second's worth may be saved up.
void Witness::check_pace(const plan::EndpointName& endpoint, delivery::AttemptId attempt) {
  const auto& of = planned(endpoint);
  auto& handed = handed_[endpoint];
  handed.open.insert(attempt);
  if (handed.open.size() > static_cast<std::size_t>(of.in_flight))
    broken(fmt::format("{} has {} in flight, {} is the most", endpoint.value, handed.open.size(), of.in_flight));
  constexpr auto span = std::chrono::seconds(3);
  handed.lately.push_back(timeline_.time());
  while (handed.lately.front() < timeline_.time() - span) handed.lately.pop_front();
  // What had its place in the rate before may have waited for the channel's room.
  const auto most = of.rate_per_second * 4 + of.in_flight;
  if (of.rate_per_second > 0 && handed.lately.size() > static_cast<std::size_t>(most))
    broken(fmt::format("{} got {} in 3 s, {} a second are contracted", endpoint.value, handed.lately.size(),
                       of.rate_per_second));
}

}  // namespace broadcaster::simulation
