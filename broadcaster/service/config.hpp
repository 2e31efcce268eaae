// An agency's configuration folder, read whole: every mistake in every file at once.
//
//   agency.yaml zones.geojson sirens.yaml endpoints.yaml people.yaml audiences/ templates in ../templates or templates/
//   of the folder; optional: service.yaml policy.yaml shelters.geojson duty.yaml feeds.yaml signers/
//   signed.json: approval/signed_set.hpp
// service.yaml:  hooks: {listen: "127.0.0.1:8090", public: "http://127.0.0.1:8090"}   where gateways' receipts come in;
//   what else may stand there: upkeep.hpp
// Thread rule: plain values; reading blocks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/shelters.hpp"
#include "broadcaster/alert/sirens.hpp"
#include "broadcaster/alert/zones.hpp"
#include "broadcaster/approval/set_standing.hpp"
#include "broadcaster/feeds/settings.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/policy.hpp"
#include "broadcaster/service/paging/duty.hpp"
#include "broadcaster/service/upkeep.hpp"

namespace broadcaster::service {

/// The signed set that a state has accepted (set_memory.hpp); nullptr: none was ever signed there.
using AcceptedSet = std::shared_ptr<const approval::SignedSet>;

struct Hooks {
  std::string address = "127.0.0.1";
  unsigned short port = 0;  ///< 0: a free one
  std::string public_url;   ///< empty: http://address:port
};

struct Config {
  std::filesystem::path folder;
  alert::Agency agency;
  alert::Zones zones;
  std::vector<alert::Siren> sirens;
  std::vector<alert::Shelter> shelters;
  std::vector<plan::Endpoint> endpoints;
  plan::Policy policy;
  approval::People people;
  std::vector<feeds::Feed> feeds;
  Hooks hooks;
  Upkeep upkeep;
  std::optional<Duty> duty;                                ///< nullopt: nobody is paged
  std::optional<base::Error> duty_trouble = std::nullopt;  ///< config_in_force(): why nobody is
  approval::SetTexts set;  ///< the very texts that are used: what is signed, and what was read here
};

/// Where the configuration is when nobody says: $BROADCASTER_CONFIG, ./config, /etc/broadcaster.
std::filesystem::path default_config();

base::Checked<Config> read_config(const std::filesystem::path& folder);

/// What a live owner sends by (R50): where this state has accepted a signed set, the very texts of that set, or of the
/// newer one that signed.json leads to. No unsigned file says where anything goes, and no mistake in one keeps an open
/// alert or its false alarm from going on. Where none was ever signed, the folder as it is.
/// A duty.yaml that does not go with the signed files pages nobody and is said in `duty_trouble`.
base::Checked<Config> config_in_force(const std::filesystem::path& folder, const AcceptedSet& accepted,
                                      base::WallTime now);

}  // namespace broadcaster::service
