// A mosquitto broker for sirens, as two files: its configuration and its access list. Pure functions; the drill writes
// them for its own broker, and enrolling a siren for the agency's. Thread rule: plain values.
//
// The certificate's common name is the identity. A siren reads its own commands and those of its groups, in one mode,
// and writes its own answers and nothing else; a controller writes commands of its mode and reads all answers.
#pragma once

#include <string>
#include <vector>

#include "channels/siren/protocol/topics.hpp"

namespace broadcaster::channels::siren {

struct BrokerFiles {  ///< Absolute paths.
  std::string ca, certificate, key, access_list;
  std::string data;  ///< folder of the broker's own store; ends with no '/'
};

struct BrokerOptions {
  std::string address = "127.0.0.1";
  unsigned short port = 8883;
  BrokerFiles files;
  /// Started by root it becomes the user mosquitto, who cannot read a state folder of mode 0700.
  enum class User { mosquitto, root } user = User::mosquitto;
};

/// TLS with client certificates only; no Nagle delay (88 ms a round trip otherwise); no bounded queue, because 2,000
/// acknowledgements at once overflow the default one in silence (measured); kept over restarts.
std::string broker_config(const BrokerOptions& options);

struct SirenAccess {
  std::string siren;
  Mode mode = Mode::drill;
  std::vector<std::string> groups;  ///< zones and groups
};

struct ControllerAccess {
  std::string controller;
  Mode mode = Mode::drill;
};

/// Every name must be a valid_id(): anything else throws std::logic_error, for a name could open other topics.
std::string access_list(const std::string& site, const std::vector<ControllerAccess>& controllers,
                        const std::vector<SirenAccess>& sirens);

}  // namespace broadcaster::channels::siren
