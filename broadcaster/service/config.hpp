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
#include "broadcaster/approval/signed_set.hpp"
#include "broadcaster/feeds/settings.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/policy.hpp"
#include "broadcaster/service/paging/duty.hpp"
#include "broadcaster/service/upkeep.hpp"

namespace broadcaster::service {

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
  std::optional<Duty> duty;  ///< nullopt: nobody is paged
  approval::SetTexts set;    ///< the very texts that were read: what is signed, and what was read here
};

/// Where the configuration is when nobody says: $BROADCASTER_CONFIG, ./config, /etc/broadcaster.
std::filesystem::path default_config();

base::Checked<Config> read_config(const std::filesystem::path& folder);

}  // namespace broadcaster::service
