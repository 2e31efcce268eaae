#include "broadcaster/service/config.hpp"

#include <charconv>
#include <cstdlib>
#include <iterator>

#include "broadcaster/base/yaml.hpp"
#include "channels/table.hpp"

namespace broadcaster::service {
namespace {

/// Takes what was read, or its mistakes.
template <class T>
void keep(base::Checked<T> read, T& into, base::Errors& errors) {
  if (read)
    into = std::move(*read);
  else
    std::move(read.error().begin(), read.error().end(), std::back_inserter(errors));
}

void read_hooks(base::Fields& root, Hooks& hooks, base::Errors& errors) {
  const auto* child = root.maybe_child("hooks");
  if (!child) return;
  base::Fields fields(*child, "hooks", errors);
  const auto listen = fields.text("listen");
  const auto colon = listen.rfind(':');
  int port = 0;
  const char* end = listen.data() + listen.size();
  if (colon == std::string::npos || std::from_chars(listen.data() + colon + 1, end, port).ptr != end || port < 0 ||
      port > 65535) {
    fields.complain("listen", {"service.expected_address", {{"found", listen}}});
    return;
  }
  hooks.address = listen.substr(0, colon);
  hooks.port = static_cast<unsigned short>(port);
  hooks.public_url = fields.maybe_text("public").value_or("");
}

void read_service(const std::filesystem::path& path, Config& config, base::Errors& errors) {
  if (!std::filesystem::exists(path)) return;
  auto node = base::read_yaml(path);
  if (!node) {
    std::move(node.error().begin(), node.error().end(), std::back_inserter(errors));
    return;
  }
  base::Fields root(*node, "", errors);
  read_hooks(root, config.hooks, errors);
  config.upkeep = read_upkeep(root, errors);
}

}  // namespace

std::filesystem::path default_config() {
  if (const char* given = std::getenv("BROADCASTER_CONFIG"); given && *given) return given;
  if (std::filesystem::exists("config/agency.yaml")) return "config";
  return "/etc/broadcaster";
}

base::Checked<Config> read_config(const std::filesystem::path& folder) {
  Config config;
  config.folder = folder;
  base::Errors errors;
  if (!std::filesystem::is_directory(folder)) {
    return std::unexpected(base::Errors{base::Error{.kind = base::ErrorKind::bad_input,
                                                    .text = {"service.no_config", {{"folder", folder.string()}}},
                                                    .place = {},
                                                    .key = {}}});
  }
  const auto traits = channels::traits();
  keep(alert::read_agency(folder / "agency.yaml"), config.agency, errors);
  keep(alert::read_zones(folder / "zones.geojson"), config.zones, errors);
  keep(alert::read_sirens(folder / "sirens.yaml", config.zones), config.sirens, errors);
  keep(alert::read_shelters(folder / "shelters.geojson"), config.shelters, errors);
  keep(plan::read_endpoints(folder / "endpoints.yaml", traits), config.endpoints, errors);
  keep(plan::read_policy(folder / "policy.yaml", traits), config.policy, errors);
  keep(approval::read_people(folder / "people.yaml"), config.people, errors);
  keep(feeds::read_feeds(folder / "feeds.yaml", folder / "signers"), config.feeds, errors);
  read_service(folder / "service.yaml", config, errors);
  // Its mistakes would be those of the files that it refers to.
  if (errors.empty())
    keep(read_duty(folder / "duty.yaml", {.people = config.people, .endpoints = config.endpoints}), config.duty,
         errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return config;
}

}  // namespace broadcaster::service
