#include "broadcaster/plan/form_basis.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/base/canonical_json.hpp"
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

/// All that the composer asks an endpoint for (compose.cpp), and where it leads.
std::string digest_of(const Endpoint& endpoint, const std::string& fingerprint) {
  namespace json = boost::json;
  json::array languages, zones;
  for (const auto& language : endpoint.languages) languages.emplace_back(language.value);
  for (const auto& zone : endpoint.zones) zones.emplace_back(zone.value);
  return base::hex(base::sha256(
      base::canonical_json(json::object{{"destination", fingerprint},
                                        {"channel", endpoint.channel},
                                        {"route", endpoint.route.value},
                                        {"languages", std::move(languages)},
                                        {"zones", std::move(zones)},
                                        {"audience", endpoint.audience},
                                        {"limit", endpoint.limit ? json::value(*endpoint.limit) : json::value(nullptr)},
                                        {"time_zone", endpoint.time_zone}})));
}

std::optional<base::Text> change_of(const Form& form, const BoundEndpoint& bound, const Today& today) {
  const auto now = std::ranges::find(today.endpoints, bound.name, &EndpointToday::name);
  const auto planned = std::ranges::find(form.plan.endpoints, bound.name, &PlannedEndpoint::name);
  const bool used = planned != form.plan.endpoints.end();
  const auto say = [&](const char* id) { return base::Text{id, {{"endpoint", bound.name.value}}}; };
  if (now == today.endpoints.end()) return say("plan.void_endpoint_gone");
  if (used && now->fingerprint != planned->fingerprint) return say("plan.void_endpoint");
  if (now->digest != bound.digest || now->mode != form.plan.mode) return say("plan.void_endpoint_settings");
  // The plan's own entry says it once more, and it is by that one that the form is sent.
  if (used && (now->audience != planned->audience || now->route != planned->route))
    return say("plan.void_endpoint_settings");
  return std::nullopt;
}

/// In whatever order.
bool same_services(const std::vector<Service>& some, const std::vector<Service>& others) {
  return std::ranges::is_permutation(some, others);
}

}  // namespace

std::vector<BasisPart> read_basis(const ConfigTexts& config, const fs::path& templates, const std::string& hazard) {
  return {{"agency", digest_of(config, "agency.yaml")},        {"policy", digest_of(config, "policy.yaml")},
          {"shelters", digest_of(config, "shelters.geojson")}, {"sirens", digest_of(config, "sirens.yaml")},
          {"templates", digest_of_words(templates, hazard)},   {"zones", digest_of(config, "zones.geojson")}};
}

std::vector<EndpointToday> endpoints_today(std::span<const Endpoint> endpoints, std::span<const ChannelTraits> traits) {
  std::vector<EndpointToday> out;
  for (const auto& endpoint : endpoints)
    if (const auto* of = find_traits(traits, endpoint.channel)) {
      auto print = fingerprint(endpoint, *of);
      auto digest = digest_of(endpoint, print);
      out.push_back({endpoint.name, endpoint.mode, of->addressing, endpoint.zones, std::move(print), endpoint.audience,
                     endpoint.route, std::move(digest)});
    }
  return out;
}

std::vector<BoundEndpoint> bind_endpoints(std::span<const EndpointToday> endpoints, alert::Mode mode) {
  std::vector<BoundEndpoint> out;
  for (const auto& endpoint : endpoints)
    if (endpoint.mode == mode) out.push_back({endpoint.name, endpoint.digest});
  return out;
}

std::vector<Service> account_services(const Plan& plan, std::span<const EndpointToday> endpoints) {
  std::vector<Service> out;
  for (const auto& endpoint : endpoints) {
    const bool used = std::ranges::find(plan.endpoints, endpoint.name, &PlannedEndpoint::name) != plan.endpoints.end();
    if (!used || endpoint.addressing != Addressing::account) continue;
    Service service{endpoint.name, {}};
    for (const auto& zone : plan.zones)
      if (endpoint.zones.empty() || std::ranges::find(endpoint.zones, zone.id) != endpoint.zones.end())
        service.zones.push_back(zone.id);
    if (!service.zones.empty()) out.push_back(std::move(service));
  }
  return out;
}

std::vector<base::Text> changes_since(const Form& form, const Today& today) {
  std::vector<base::Text> out;
  for (const auto& part : form.basis)
    if (std::ranges::find(today.basis, part) == today.basis.end()) out.push_back({"plan.void_" + part.what, {}});
  const auto before = out.size();
  for (const auto& bound : form.endpoints)
    if (auto changed = change_of(form, bound, today)) out.push_back(std::move(*changed));
  for (const auto& endpoint : today.endpoints)
    if (endpoint.mode == form.plan.mode &&
        std::ranges::find(form.endpoints, endpoint.name, &BoundEndpoint::name) == form.endpoints.end())
      out.push_back({"plan.void_endpoint_new", {{"endpoint", endpoint.name.value}}});
  // Whom an account serves is a consequence of the endpoints: where these have changed, they are the reason.
  if (out.size() == before && !same_services(form.accounts, account_services(form.plan, today.endpoints)))
    out.push_back({"plan.form_misfit", {{"where", "accounts"}}});
  return out;
}

}  // namespace broadcaster::plan
