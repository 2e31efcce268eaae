// From a stored release to what the engine and the channels need: the order, and the contents. Pure.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "broadcaster/approval/release.hpp"
#include "broadcaster/delivery/attempt.hpp"
#include "broadcaster/dispatch/endpoint_set.hpp"
#include "broadcaster/dispatch/events.hpp"

namespace broadcaster::dispatch {

/// A released alert in memory: enough to make an Attempt from a row.
struct Outgoing {
  AlertId id;
  std::shared_ptr<const plan::Plan> plan;
  std::string identifier;
  std::string code;
  std::string plan_digest;
  base::WallTime expires;
  std::map<std::tuple<EndpointName, alert::Language, alert::ZoneId>, std::shared_ptr<const delivery::Content>> contents;

  /// Exact zone first, then the message that speaks to all zones; nullptr: there is none.
  std::shared_ptr<const delivery::Content> find(const EndpointName& endpoint, const alert::Language& language,
                                                const alert::ZoneId& zone) const;
};

/// Errors: refused, when a filled text does not fit what was signed.
base::Result<Outgoing> make_outgoing(AlertId id, const plan::Plan& plan, const plan::Filling& filling,
                                     const std::string& plan_digest);

/// Why an endpoint is held: it is not what was signed. The text shows both destinations.
struct Held {
  EndpointName endpoint;
  base::Text text;
};

struct MadeOrder {
  AlertOrder order;
  std::vector<Held> held;
};
MadeOrder make_order(AlertId id, const plan::Plan& plan, const OpenEndpoints& endpoints, AlertOrder::Rows rows,
                     std::optional<AlertId> follows);

delivery::Attempt make_attempt(const Outgoing& outgoing, const Try& what,
                               std::shared_ptr<const delivery::Content> content);

}  // namespace broadcaster::dispatch
