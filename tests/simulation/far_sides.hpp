// The gateways and the network on the other side: what they really took, and what they say about it.
//
// The SMS gateways are Kannel as its user guide describes it; the network is the drill range's own. They never lie to
// the witness, whatever the wire does to their answers. Thread rule: one thread.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "broadcaster/net/http.hpp"
#include "channels/mastodon/mastodon_range.hpp"
#include "tests/simulation/witness.hpp"

namespace broadcaster::simulation {

/// A delivery report to come: /hooks/<endpoint>?<query>.
struct Receipt {
  plan::EndpointName endpoint;
  std::string query;
  delivery::DeliveryId delivery;
  delivery::Proof proof = delivery::Proof::confirmed;
};

class FarSides {
 public:
  /// `report` is called when a gateway has something to tell.
  FarSides(Timeline& timeline, Dice dice, const Story& story, Witness& witness, std::function<void(Receipt)> report);

  /// It arrives: taken or refused, now.
  net::HttpAnswer take(const plan::EndpointName& endpoint, const net::HttpRequest& request);

 private:
  net::HttpAnswer take_sms(const plan::EndpointName& endpoint, const net::HttpRequest& request);
  net::HttpAnswer take_post(const net::HttpRequest& request);
  void plan_receipts(const plan::EndpointName& endpoint, const std::string& url, delivery::DeliveryId id);

  Timeline& timeline_;
  Dice dice_;
  const Story& story_;
  Witness& witness_;
  std::function<void(Receipt)> report_;
  std::map<std::string, bool> bad_numbers_;  ///< decided once
  channels::SeenBook seen_;
  channels::mastodon::MastodonRange network_;
};

/// Which delivery a request is, if it is a send at all.
std::optional<delivery::DeliveryId> delivery_of(const net::HttpRequest& request, const Witness& witness);

inline constexpr const char* network_token = "token-of-the-simulation";
inline constexpr const char* gateway_password = "password-of-the-simulation";

}  // namespace broadcaster::simulation
