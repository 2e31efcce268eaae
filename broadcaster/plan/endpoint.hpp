// One configured account, gateway or siren group, from config/endpoints.yaml.
//
//   endpoints:
//     - name: sms-drill
//       channel: sms
//       …
//
// Common keys: name, channel, mode (live|drill), readers (public|staff), route (default: the name), languages, zones
// (default: all), audience (for Addressing::audience), limit, rate (messages a second), in_flight, on_unknown,
// reconcile_after, time_zone.
// Endpoints at one gateway that share what was contracted there, a live one and its drill twin for instance, name the
// contract: contract (any name), rate (the whole of it, the same for all), share (each one's percent; 100 in all at
// most). Processes do not know of each other: each keeps its share, and a drill never takes the room of the real thing.
// All other keys are the channel's own, checked against its traits. Thread rule: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/plan/message.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

using RouteName = base::Strong<struct RouteNameTag>;

/// Who reads what it sends. A System alert goes to staff alone (alert::Reach).
enum class Readers { public_, staff };

struct Endpoint {
  EndpointName name;
  std::string channel;
  alert::Mode mode = alert::Mode::drill;
  Readers readers = Readers::public_;
  RouteName route;
  std::vector<alert::Language> languages;  ///< empty: the agency's
  std::vector<alert::ZoneId> zones;        ///< empty: all
  std::string audience;                    ///< file name without .csv, as "residents"
  std::optional<int> limit;
  std::string contract;     ///< empty: none is shared
  int share = 100;          ///< percent of the contract's rate
  int rate_per_second = 0;  ///< its own: the share of a contract; 0: no contracted rate
  int in_flight = 8;
  OnUnknown on_unknown = OnUnknown::hold;
  std::chrono::seconds reconcile_after{30};
  std::string time_zone;                        ///< empty: the zone's, or the agency's for an account
  std::map<std::string, std::string> settings;  ///< the channel's own; lists joined by "\n"; secrets are references
};

/// Where this endpoint's bytes go, as people can compare it: channel, mode and the settings that are part of the
/// destination, sorted, one "key=value" a line. No secrets.
std::string destination(const Endpoint& endpoint, const ChannelTraits& traits);
/// SHA-256 of destination(), in hex: the fingerprint in the plan.
std::string fingerprint(const Endpoint& endpoint, const ChannelTraits& traits);

/// Every mistake of the file at once: a channel that is not in `traits`, a name given twice, a route that mixes modes,
/// audiences or ways of addressing, documents of a drill where live ones lie, an audience read by endpoints of one mode
/// for other languages or zones, a secret that is no reference, shares of one contract that come to more than the
/// whole.
base::Checked<std::vector<Endpoint>> read_endpoints(const std::filesystem::path& path,
                                                    std::span<const ChannelTraits> traits);

base::Checked<std::vector<Endpoint>> parse_endpoints(const std::string& text, const std::string& file,
                                                     std::span<const ChannelTraits> traits);

const ChannelTraits* find_traits(std::span<const ChannelTraits> traits, std::string_view channel);

}  // namespace broadcaster::plan
