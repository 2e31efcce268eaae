#include "broadcaster/dispatch/waiting_room.hpp"

#include <utility>

namespace broadcaster::dispatch {

void WaitingRoom::add(Try what) { queues_[what.endpoint].push_back(std::move(what)); }

std::vector<EndpointName> WaitingRoom::endpoints() const {
  std::vector<EndpointName> names;
  for (const auto& [name, _] : queues_) names.push_back(name);
  return names;
}

WaitingRoom::Turn WaitingRoom::take(const EndpointName& endpoint, std::size_t room, const MayGo& may_go) {
  Turn turn;
  const auto found = queues_.find(endpoint);
  if (found == queues_.end()) return turn;
  auto& queue = found->second;
  while (!queue.empty() && turn.go.size() < room) {
    (may_go(queue.front()) ? turn.go : turn.back).push_back(std::move(queue.front()));
    queue.pop_front();
  }
  if (queue.empty()) queues_.erase(found);
  return turn;
}

std::vector<Try> WaitingRoom::take_back(const MayGo& may_go) {
  std::vector<Try> back;
  for (auto& [_, queue] : queues_) {
    std::deque<Try> stay;
    for (auto& what : queue)
      if (may_go(what))
        stay.push_back(std::move(what));
      else
        back.push_back(std::move(what));
    queue = std::move(stay);
  }
  std::erase_if(queues_, [](const auto& entry) { return entry.second.empty(); });
  return back;
}

}  // namespace broadcaster::dispatch
