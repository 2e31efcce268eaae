// A web server that takes uploads, as RFC 9110 has it: whole files, strong ETags, If-Match and If-None-Match.
// Thread rule: loop thread.
#pragma once

#include <map>

#include "channels/range/range_side.hpp"

namespace broadcaster::channels::cap_feed {

/// PUT /<feed>/<file>: 201, 204 where it replaces one, 412 where a condition fails. GET: 200 or 404. Anybody may read.
class CapFeedRange final : public RangeSide {
 public:
  std::string_view name() const override { return "cap_feed"; }
  RangeAnswer handle(const net::ServerRequest& request, base::WallTime now) override;

 private:
  RangeAnswer put(const net::ServerRequest& request);
  std::map<std::string, std::string> files_;  ///< by path
};

}  // namespace broadcaster::channels::cap_feed
