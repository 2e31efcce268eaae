// What a prepared alert rests on, as it stands today: the files that it was made from, by their digests, and where its
// endpoints lead. A form carries the same of the day when it was made; what differs voids it (approval/prepared.hpp).
//
// By files, not by values: what makes a difference and what does not is not decided at night. Thread rule: reading
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
  std::string fingerprint;
  std::string audience;
};

struct Today {
  std::vector<BasisPart> basis;
  std::vector<EndpointToday> endpoints;  ///< of both modes
};

/// Texts of the configuration's files by their names, read once: what is compared is what was read, and live what was
/// signed (approval/signed_set.hpp).
using ConfigTexts = std::map<std::string, std::string, std::less<>>;

/// The parts: agency, policy, sirens, templates (of this hazard, with the marks; read here), zones. A file that is not
/// there has an empty digest.
std::vector<BasisPart> read_basis(const ConfigTexts& config, const std::filesystem::path& templates,
                                  const std::string& hazard);

std::vector<EndpointToday> endpoints_today(std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits);

/// What has changed since the form was made, each with its words. Pure.
std::vector<base::Text> changes_since(const Form& form, const Today& today);

}  // namespace broadcaster::plan
