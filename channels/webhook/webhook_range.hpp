// A partner that receives signed events (Standard Webhooks): checks signature and time, knows an id that came before.
// Thread rule: loop thread.
#pragma once

#include <set>

#include "channels/range/range_side.hpp"
#include "channels/webhook/webhook.hpp"

namespace broadcaster::channels::webhook {

/// POST /<partner>: 204, or 401 for a signature or a time that is wrong. The same id again: 204, seen once.
class WebhookRange final : public RangeSide {
 public:
  WebhookRange(SeenBook& seen, base::Bytes key) : seen_(seen), key_(std::move(key)) {}
  std::string_view name() const override { return "webhook"; }
  RangeAnswer handle(const net::ServerRequest& request, base::WallTime now) override;

 private:
  SeenBook& seen_;
  const base::Bytes key_;
  std::set<std::string> ids_;
};

}  // namespace broadcaster::channels::webhook
