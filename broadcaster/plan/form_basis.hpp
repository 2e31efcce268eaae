// What a prepared alert rests on, as it stands today: the files that it was made from, by their digests, and its
// endpoints. A form carries the same of the day when it was made; what differs voids it (approval/prepared.hpp).
//
// By files, not by values: what makes a difference and what does not is not decided at night. Endpoints alone go by
// values: where one leads, and what decides its texts and their readers. Its rate and its patience may change. An
// endpoint of the same mode that is new voids, too: it would be silent, and no text would say so. Thread rule: reading
// blocks; the rest is plain values.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/form.hpp"

namespace broadcaster::plan {

struct EndpointToday {
  EndpointName name;
  alert::Mode mode = alert::Mode::drill;
  Addressing addressing = Addressing::account;
  std::vector<alert::ZoneId> zones;  ///< empty: all
  std::string fingerprint;
  std::string audience;
  RouteName route;
  std::string digest;  ///< of all that decides what it says and to whom: BoundEndpoint::digest
};

struct Today {
  std::vector<BasisPart> basis;
  std::vector<EndpointToday> endpoints;  ///< of both modes
};

/// Texts of the configuration's files by their names, read once: what is compared is what was read, and live what was
/// signed (approval/signed_set.hpp).
using ConfigTexts = std::map<std::string, std::string, std::less<>>;

/// The parts: agency, policy, shelters, sirens, templates (of this hazard, with the marks; read here), zones. A file
/// that is not there has an empty digest.
std::vector<BasisPart> read_basis(const ConfigTexts& config, const std::filesystem::path& templates,
                                  const std::string& hazard);

std::vector<EndpointToday> endpoints_today(std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits);

/// Those of the form's mode, as the form binds them.
std::vector<BoundEndpoint> bind_endpoints(std::span<const EndpointToday> endpoints, alert::Mode mode);

/// Which of the form's zones each account of the form serves.
std::vector<Service> account_services(const Plan& plan, std::span<const EndpointToday> endpoints);

/// What has changed since the form was made, each with its words; and where it gives an account other zones, or calls
/// one what is none, that. Pure.
std::vector<base::Text> changes_since(const Form& form, const Today& today);

}  // namespace broadcaster::plan
