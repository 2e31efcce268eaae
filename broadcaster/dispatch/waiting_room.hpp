// Tries that a channel has no room for yet: one queue an endpoint, first in, first out.
//
// Nobody here has left a byte. Whoever takes a try out is told whether it may still go: a halt, an expiry or a drain in
// between makes of it what was certainly not sent. Thread rule: plain value; the loop's.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "broadcaster/dispatch/events.hpp"

namespace broadcaster::dispatch {

class WaitingRoom {
 public:
  using MayGo = std::function<bool(const Try&)>;
  struct Turn {
    std::vector<Try> go;    ///< in order
    std::vector<Try> back;  ///< not allowed any more: not sent
  };

  void add(Try what);
  bool waits_for(const EndpointName& endpoint) const { return queues_.contains(endpoint); }
  /// Where somebody waits.
  std::vector<EndpointName> endpoints() const;
  /// The first `room` of this endpoint that may go, and who stood before or between them and may not.
  Turn take(const EndpointName& endpoint, std::size_t room, const MayGo& may_go);
  /// Everybody who may not go any more, wherever they stand.
  std::vector<Try> take_back(const MayGo& may_go);

 private:
  std::map<EndpointName, std::deque<Try>> queues_;  ///< none of them empty
};

}  // namespace broadcaster::dispatch
