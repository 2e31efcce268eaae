// Between us and the far sides: requests and answers that are late, lost, cut in half, or turned away at the door.
//
// It outlives the process: what left before a crash still arrives. Thread rule: one thread.
#pragma once

#include <memory>

#include "tests/simulation/far_sides.hpp"

namespace broadcaster::simulation {

class Wire {
 public:
  Wire(Timeline& timeline, Dice dice, const Story& story, Witness& witness, FarSides& far_sides)
      : timeline_(timeline), dice_(dice), story_(story), witness_(witness), far_sides_(far_sides) {}

  /// The client of one process; when it goes, nobody hears its answers any more.
  std::unique_ptr<net::HttpClient> client();
  std::size_t in_flight() const { return in_flight_; }

 private:
  friend class Client;
  using Done = std::move_only_function<void(net::HttpResult)>;
  void carry(net::HttpRequest request, Done done);
  /// The connection stands: the byte leaves, unless it may not any more.
  void leave(net::HttpRequest request, Done done);
  /// An outage or a busy door: the request does not get in. false: it goes on.
  bool turned_away(const plan::EndpointName& endpoint, const net::HttpRequest& request, Done& done);
  void deliver(const plan::EndpointName& endpoint, net::HttpRequest request, Done done);
  void answer(Micros after, Done done, net::HttpResult result);
  void time_out(const net::HttpRequest& request, Done done);
  bool calm() const { return timeline_.time() >= story_.calm_from; }
  bool happens(double odds) { return !calm() && dice_.chance(odds); }
  Micros half_a_round_trip();

  Timeline& timeline_;
  Dice dice_;
  const Story& story_;
  Witness& witness_;
  FarSides& far_sides_;
  std::size_t in_flight_ = 0;
};

}  // namespace broadcaster::simulation
