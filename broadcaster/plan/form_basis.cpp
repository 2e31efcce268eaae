#include "broadcaster/plan/form_basis.hpp"

#include <algorithm>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::plan {
namespace {

namespace fs = std::filesystem;

std::string digest_of(const fs::path& file) {
  const auto text = base::read_file(file);
  return text ? base::hex(base::sha256(*text)) : std::string();
}

std::string digest_of(const ConfigTexts& config, std::string_view file) {
  const auto text = config.find(file);
  return text == config.end() ? std::string() : base::hex(base::sha256(text->second));
}

/// The hazard's own words and the drill's marks, each with its name.
std::string digest_of_words(const fs::path& templates, const std::string& hazard) {
  std::vector<fs::path> files{templates / "marks.yaml"};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(templates / hazard, ignored))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  std::string all;
  for (const auto& file : files) all += file.filename().string() + " " + digest_of(file) + "\n";
  return base::hex(base::sha256(all));
}

}  // namespace

std::vector<BasisPart> read_basis(const ConfigTexts& config, const fs::path& templates, const std::string& hazard) {
  return {{"agency", digest_of(config, "agency.yaml")},
          {"policy", digest_of(config, "policy.yaml")},
          {"sirens", digest_of(config, "sirens.yaml")},
          {"templates", digest_of_words(templates, hazard)},
          {"zones", digest_of(config, "zones.geojson")}};
}

std::vector<EndpointToday> endpoints_today(std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits) {
  std::vector<EndpointToday> out;
  for (const auto& endpoint : endpoints)
    if (const auto* of = find_traits(traits, endpoint.channel))
      out.push_back({endpoint.name, fingerprint(endpoint, *of), endpoint.audience});
  return out;
}

std::vector<base::Text> changes_since(const Form& form, const Today& today) {
  std::vector<base::Text> out;
  for (const auto& part : form.basis)
    if (std::ranges::find(today.basis, part) == today.basis.end()) out.push_back({"plan.void_" + part.what, {}});
  for (const auto& endpoint : form.plan.endpoints) {
    const auto now = std::ranges::find(today.endpoints, endpoint.name, &EndpointToday::name);
    if (now == today.endpoints.end())
      out.push_back({"plan.void_endpoint_gone", {{"endpoint", endpoint.name.value}}});
    else if (now->fingerprint != endpoint.fingerprint || now->audience != endpoint.audience)
      out.push_back({"plan.void_endpoint", {{"endpoint", endpoint.name.value}}});
  }
  return out;
}

}  // namespace broadcaster::plan
