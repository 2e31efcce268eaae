// Which siren was ordered what, and what it has said: bounded, in memory. What it does not know any more (a restart) is
// found again by the reference. Thread rule: plain values.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broadcaster/delivery/ids.hpp"
#include "channels/siren/protocol/answers.hpp"

namespace broadcaster::channels::siren {

class SentLog {
 public:
  /// `addressed`: every siren of the message, also those of other batches.
  void sent(const std::string& cmd_id, const std::vector<std::string>& addressed, const std::string& siren,
            delivery::DeliveryId delivery);
  /// It was ordered, and this siren was not among those addressed.
  bool is_stranger(const std::string& cmd_id, const std::string& siren) const;
  std::optional<delivery::DeliveryId> delivery(const std::string& cmd_id, const std::string& siren) const;
  /// True the first time for this stage; repetitions teach nothing.
  bool is_news(const std::string& cmd_id, const std::string& siren, Stage stage);

 private:
  struct Order {
    std::set<std::string> addressed;
    std::map<std::string, delivery::DeliveryId> deliveries;
  };
  static constexpr std::size_t max_orders = 1000;
  static constexpr std::size_t max_said = 200'000;

  std::map<std::string, Order> orders_;
  std::vector<std::string> oldest_first_;
  std::set<std::string> said_;
};

}  // namespace broadcaster::channels::siren
