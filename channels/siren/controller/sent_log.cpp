#include "channels/siren/controller/sent_log.hpp"

namespace broadcaster::channels::siren {

void SentLog::sent(const std::string& cmd_id, const std::vector<std::string>& addressed, const std::string& siren,
                   delivery::DeliveryId delivery) {
  const auto [at, is_new] = orders_.try_emplace(cmd_id);
  if (is_new) {
    at->second.addressed = {addressed.begin(), addressed.end()};
    oldest_first_.push_back(cmd_id);
    if (oldest_first_.size() > max_orders) {
      orders_.erase(oldest_first_.front());
      oldest_first_.erase(oldest_first_.begin());
    }
  }
  at->second.addressed.insert(siren);
  at->second.deliveries[siren] = delivery;
}

bool SentLog::is_stranger(const std::string& cmd_id, const std::string& siren) const {
  const auto order = orders_.find(cmd_id);
  return order != orders_.end() && !order->second.addressed.contains(siren);
}

std::optional<delivery::DeliveryId> SentLog::delivery(const std::string& cmd_id, const std::string& siren) const {
  const auto order = orders_.find(cmd_id);
  if (order == orders_.end()) return std::nullopt;
  const auto at = order->second.deliveries.find(siren);
  return at == order->second.deliveries.end() ? std::nullopt : std::optional(at->second);
}

bool SentLog::is_news(const std::string& cmd_id, const std::string& siren, Stage stage) {
  if (said_.size() > max_said) said_.clear();
  return said_.insert(cmd_id + "/" + siren + "/" + std::string(name(stage))).second;
}

}  // namespace broadcaster::channels::siren
