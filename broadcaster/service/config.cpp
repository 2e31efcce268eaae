#include "broadcaster/service/config.hpp"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/service/set_files.hpp"
#include "channels/table.hpp"

namespace broadcaster::service {
namespace {

/// Takes a file of the set apart; one that must be there and is not is a mistake.
template <class Parse>
auto parsed(const approval::SetTexts& set, const std::filesystem::path& path, Parse parse)
    -> decltype(parse(std::string(), std::string())) {
  if (const auto found = set.find(path.filename().string()); found != set.end())
    return parse(found->second, path.string());
  return std::unexpected(base::Errors{
      base::Error{.kind = base::ErrorKind::bad_input,
                  .text = {"base.cannot_read", {{"file", path.string()}, {"reason", std::strerror(ENOENT)}}},
                  .place = {},
                  .key = {}}});
}

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

void read_signed_files(const std::filesystem::path& folder, Config& config, base::Errors& errors) {
  const auto traits = channels::traits();
  const auto& texts = config.set;
  keep(parsed(texts, folder / "agency.yaml", alert::parse_agency), config.agency, errors);
  keep(parsed(texts, folder / "zones.geojson", alert::parse_zones), config.zones, errors);
  keep(parsed(texts, folder / "sirens.yaml",
              [&](const auto& text, const auto& file) { return alert::parse_sirens(text, file, config.zones); }),
       config.sirens, errors);
  if (texts.contains("shelters.geojson"))
    keep(parsed(texts, folder / "shelters.geojson", alert::parse_shelters), config.shelters, errors);
  keep(parsed(texts, folder / "endpoints.yaml",
              [&](const auto& text, const auto& file) { return plan::parse_endpoints(text, file, traits); }),
       config.endpoints, errors);
  if (texts.contains(approval::policy_file))
    keep(parsed(texts, folder / approval::policy_file,
                [&](const auto& text, const auto& file) { return plan::parse_policy(text, file, traits); }),
         config.policy, errors);
  keep(parsed(texts, folder / approval::people_file, approval::parse_people), config.people, errors);
}

}  // namespace

std::filesystem::path default_config() {
  if (const char* given = std::getenv("BROADCASTER_CONFIG"); given && *given) return given;
  if (std::filesystem::exists("config/agency.yaml")) return "config";
  return "/etc/broadcaster";
}

namespace {

base::Errors no_folder(const std::filesystem::path& folder) {
  return {base::Error{.kind = base::ErrorKind::bad_input,
                      .text = {"service.no_config", {{"folder", folder.string()}}},
                      .place = {},
                      .key = {}}};
}

/// Everything but duty.yaml: `set` takes the place of the folder's files of these names.
base::Checked<Config> read_with(const std::filesystem::path& folder, approval::SetTexts set) {
  Config config;
  config.folder = folder;
  config.set = std::move(set);
  base::Errors errors;
  read_signed_files(folder, config, errors);
  keep(feeds::read_feeds(folder / "feeds.yaml", folder / "signers"), config.feeds, errors);
  read_service(folder / "service.yaml", config, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return config;
}

/// duty.yaml is not signed and lets nobody sign: it may name somebody whom people.yaml has and the set has not yet.
approval::People with_people_on_disk(approval::People people, const std::filesystem::path& folder) {
  if (auto today = approval::read_people(folder / approval::people_file))
    for (auto& person : today->persons)
      if (!people.find(person.id)) people.persons.push_back(std::move(person));
  return people;
}

/// A policy offers, and forbids nothing that is out: where a newer program cannot read the signed one, it offers
/// nothing.
approval::SetTexts without_a_policy_that_cannot_be_read(approval::SetTexts texts) {
  const auto traits = channels::traits();
  if (const auto found = texts.find(approval::policy_file);
      found != texts.end() && !plan::parse_policy(found->second, found->first, traits))
    texts.erase(found);
  return texts;
}

/// What the folder leads to from `accepted`; an unreadable folder leads nowhere.
AcceptedSet set_in_force(const std::filesystem::path& folder, const AcceptedSet& accepted, base::WallTime now) {
  const auto disk = read_set(folder);
  return disk ? approval::judge_set(*disk, accepted, now).accepted : accepted;
}

}  // namespace

base::Checked<Config> read_config(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) return std::unexpected(no_folder(folder));
  auto set = read_set_texts(folder);
  if (!set) return std::unexpected(base::Errors{set.error()});
  auto config = read_with(folder, std::move(*set));
  if (!config) return config;
  // Its mistakes would be those of the files that it refers to.
  base::Errors errors;
  keep(read_duty(folder / "duty.yaml", {.people = config->people, .endpoints = config->endpoints}), config->duty,
       errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return config;
}

base::Checked<Config> config_in_force(const std::filesystem::path& folder, const AcceptedSet& accepted,
                                      base::WallTime now) {
  const auto set = set_in_force(folder, accepted, now);
  if (!set) return read_config(folder);
  auto config = read_with(folder, without_a_policy_that_cannot_be_read(set->texts));
  if (!config) return config;
  config->set = set->texts;
  const auto people = with_people_on_disk(config->people, folder);
  if (auto duty = read_duty(folder / "duty.yaml", {.people = people, .endpoints = config->endpoints}))
    config->duty = std::move(*duty);
  else
    config->duty_trouble = duty.error().front();
  return config;
}

}  // namespace broadcaster::service
