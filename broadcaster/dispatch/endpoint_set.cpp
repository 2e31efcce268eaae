#include "broadcaster/dispatch/endpoint_set.hpp"

namespace broadcaster::dispatch {

OpenedEndpoints open_endpoints(alert::Mode mode, const std::vector<plan::Endpoint>& endpoints,
                               std::span<const channels::ChannelKind> kinds, channels::ChannelTools& tools) {
  OpenedEndpoints opened;
  for (const auto& endpoint : endpoints) {
    if (endpoint.mode != mode) continue;
    for (const auto& kind : kinds) {
      if (kind.traits.name != endpoint.channel) continue;
      auto channel = kind.create(endpoint, tools);
      if (!channel) {
        opened.left_out.emplace_back(endpoint.name, channel.error());
        continue;
      }
      OpenEndpoint open{.config = endpoint,
                        .destination = plan::destination(endpoint, kind.traits),
                        .fingerprint = plan::fingerprint(endpoint, kind.traits),
                        .channel = std::move(*channel)};
      opened.endpoints.emplace(endpoint.name, std::move(open));
    }
  }
  return opened;
}

}  // namespace broadcaster::dispatch
