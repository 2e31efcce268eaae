// The endpoints of one mode, opened. A drill process has no live endpoint, not a disabled one.
//
// Thread rule: loop thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/plan/endpoint.hpp"
#include "channels/channel.hpp"

namespace broadcaster::dispatch {

struct OpenEndpoint {
  plan::Endpoint config;
  std::string destination;
  std::string fingerprint;
  std::unique_ptr<channels::Channel> channel;
};

using OpenEndpoints = std::map<plan::EndpointName, OpenEndpoint>;

/// Makes the channels of those endpoints that have this mode and of no others. An endpoint whose secret cannot be read
/// or whose settings cannot work is left out and reported: the others must still be able to warn.
struct OpenedEndpoints {
  OpenEndpoints endpoints;
  std::vector<std::pair<plan::EndpointName, base::Error>> left_out;
};
OpenedEndpoints open_endpoints(alert::Mode mode, const std::vector<plan::Endpoint>& endpoints,
                               std::span<const channels::ChannelKind> kinds, channels::ChannelTools& tools);

template <alert::Mode M>
class EndpointSet {
 public:
  static EndpointSet open(const std::vector<plan::Endpoint>& endpoints, std::span<const channels::ChannelKind> kinds,
                          channels::ChannelTools& tools) {
    return EndpointSet(open_endpoints(M, endpoints, kinds, tools));
  }
  const std::vector<std::pair<plan::EndpointName, base::Error>>& left_out() const { return opened_.left_out; }
  OpenEndpoints take() && { return std::move(opened_.endpoints); }

 private:
  explicit EndpointSet(OpenedEndpoints opened) : opened_(std::move(opened)) {}
  OpenedEndpoints opened_;
};

}  // namespace broadcaster::dispatch
