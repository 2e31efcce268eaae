#include <algorithm>
#include <array>
#include <map>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/time_zone.hpp"
#include "broadcaster/base/yaml.hpp"
#include "broadcaster/plan/endpoint.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

using base::Errors;
using base::Fields;
using base::Node;

constexpr std::array<std::pair<std::string_view, Readers>, 2> readers_choices{
    {{"public", Readers::public_}, {"staff", Readers::staff}}};

struct Entry {
  Endpoint endpoint;
  const ChannelTraits* traits;
  const Node* node;
  std::string path;
};

bool is_secret_reference(std::string_view text) {
  for (const std::string_view form : {"env:", "file:", "credential:"})
    if (text.starts_with(form) && text.size() > form.size()) return true;
  return false;
}

bool is_http_url(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto host = text.substr(scheme.size());
    // Credentials in a URL would end up in logs and in the plan.
    return !host.empty() && host.front() != '/' && text.find_first_of(" @\n") == std::string_view::npos;
  }
  return false;
}

/// The value of one key of the channel's own. Never shows what was found: it may be a secret.
std::optional<std::string> read_value(Fields& fields, const Setting& setting) {
  const bool needed = setting.presence == Setting::Presence::required;
  const auto text = [&] { return needed ? std::optional(fields.text(setting.key)) : fields.maybe_text(setting.key); };
  const auto checked = [&](bool (*good)(std::string_view), std::string_view problem) -> std::optional<std::string> {
    auto value = text();
    if (!value || value->empty()) return value;
    if (!good(*value)) fields.complain(setting.key, {std::string(problem), {}});
    return value;
  };
  switch (setting.kind) {
    case Setting::Kind::text:
    case Setting::Kind::path:
      return text();
    case Setting::Kind::url:
      return checked(is_http_url, "plan.endpoint_url");
    case Setting::Kind::secret:
      return checked(is_secret_reference, "plan.endpoint_bare_secret");
    case Setting::Kind::whole: {
      const auto value = needed ? std::optional(fields.whole(setting.key)) : fields.maybe_whole(setting.key);
      return value ? std::optional(std::to_string(*value)) : std::nullopt;
    }
    case Setting::Kind::list: {
      const auto items = needed ? fields.texts(setting.key) : fields.maybe_texts(setting.key);
      if (items.empty()) return std::nullopt;
      std::string joined;
      for (const auto& item : items) joined += (joined.empty() ? "" : "\n") + item;
      return joined;
    }
  }
  return std::nullopt;
}

void read_settings(Fields& fields, const ChannelTraits& traits, Endpoint& endpoint) {
  for (const auto& setting : traits.settings)
    if (auto value = read_value(fields, setting)) endpoint.settings[std::string(setting.key)] = std::move(*value);
}

void read_audience(Fields& fields, const ChannelTraits& traits, Endpoint& endpoint) {
  endpoint.audience = fields.maybe_text("audience").value_or("");
  const bool needed = traits.addressing == Addressing::audience;
  if (needed && endpoint.audience.empty()) fields.complain("audience", {"plan.endpoint_audience_missing", {}});
  if (!needed && !endpoint.audience.empty()) fields.complain("audience", {"plan.endpoint_audience_unused", {}});
  // It becomes a file name.
  if (!endpoint.audience.empty() && !alert::is_id(endpoint.audience))
    fields.complain("audience", {"plan.endpoint_audience_name", {}});
}

Entry read_endpoint(const Node& node, std::string path, std::span<const ChannelTraits> traits, Errors& errors) {
  Fields fields(node, path, errors);
  Entry entry{{}, nullptr, &node, std::move(path)};
  Endpoint& endpoint = entry.endpoint;
  endpoint.name = EndpointName(fields.text("name"));
  if (!endpoint.name.value.empty() && !alert::is_id(endpoint.name.value))
    fields.complain("name", {"plan.endpoint_name", {}});
  endpoint.channel = fields.text("channel");
  endpoint.mode = fields.choice<alert::Mode>("mode", alert::choices<alert::Mode>());
  endpoint.readers = fields.maybe_choice<Readers>("readers", readers_choices).value_or(Readers::public_);
  endpoint.route = RouteName(fields.maybe_text("route").value_or(endpoint.name.value));
  for (auto& language : fields.maybe_texts("languages")) endpoint.languages.emplace_back(std::move(language));
  for (auto& zone : fields.maybe_texts("zones")) endpoint.zones.emplace_back(std::move(zone));
  if (const auto limit = fields.maybe_whole("limit", 1, 1'000'000)) endpoint.limit = static_cast<int>(*limit);
  endpoint.rate_per_second = static_cast<int>(fields.maybe_whole("rate", 1, 1'000'000).value_or(0));
  endpoint.contract = fields.maybe_text("contract").value_or("");
  const auto share = fields.maybe_whole("share", 1, 100);
  endpoint.share = static_cast<int>(share.value_or(100));
  if (endpoint.contract.empty() == share.has_value()) {
    fields.complain(share ? "share" : "contract", {"plan.contract_and_share", {}});
    endpoint.contract.clear();  // what it comes to is no second mistake
  }
  endpoint.in_flight = static_cast<int>(fields.maybe_whole("in_flight", 1, 10'000).value_or(endpoint.in_flight));
  endpoint.time_zone = fields.maybe_text("time_zone").value_or("");
  if (!endpoint.time_zone.empty() && !base::known_time_zone(endpoint.time_zone))
    fields.complain("time_zone", {"plan.endpoint_time_zone", {{"found", endpoint.time_zone}}});
  const auto on_unknown = fields.maybe_choice<OnUnknown>("on_unknown", choices<OnUnknown>());
  const auto reconcile_after = fields.maybe_duration("reconcile_after");
  entry.traits = find_traits(traits, endpoint.channel);
  if (entry.traits) {
    endpoint.on_unknown = on_unknown.value_or(entry.traits->default_on_unknown);
    endpoint.reconcile_after = reconcile_after.value_or(entry.traits->default_reconcile_after);
    read_audience(fields, *entry.traits, endpoint);
    read_settings(fields, *entry.traits, endpoint);
    return entry;
  }
  if (!endpoint.channel.empty()) {
    std::string known;
    for (const auto& row : traits) known += (known.empty() ? "" : ", ") + std::string(row.name);
    fields.complain("channel", {"plan.endpoint_channel", {{"found", endpoint.channel}, {"known", known}}});
  }
  // Which keys it may have is not known, so none of them is a second mistake.
  for (const auto& other : node.entries) fields.maybe_child(other.key);
  return entry;
}

void complain(const Entry& entry, std::string_view key, base::Text text, Errors& errors) {
  const auto* value = entry.node->find(key);
  errors.push_back({.kind = base::ErrorKind::bad_input,
                    .text = std::move(text),
                    .place = value ? value->place : entry.node->place,
                    .key = entry.path + "." + std::string(key)});
}

bool publishes_documents(const Entry& entry) { return entry.traits && entry.traits->document; }

/// A document is the whole alert, in all its languages: what would cut it has no meaning, and is not passed over.
void check_document(const Entry& entry, Errors& errors) {
  if (!publishes_documents(entry)) return;
  for (const std::string_view key : {"languages", "zones", "time_zone"})
    if (entry.node->find(key)) complain(entry, key, {"plan.endpoint_document", {}}, errors);
}

/// "https://a.example/cap" and "https://a.example/cap/" are one place, and so are "web" and "./web/".
std::string place_of(const Endpoint& endpoint, const char* key) {
  const auto found = endpoint.settings.find(key);
  if (found == endpoint.settings.end() || found->second.empty()) return {};
  auto out = std::filesystem::path(found->second).lexically_normal().string();
  while (out.ends_with('/')) out.pop_back();
  return out;
}

/// A document lies where it lies for all to read: a drill's never beside a live one.
void check_places(const Entry& first, const Entry& second, Errors& errors) {
  if (!publishes_documents(first) || !publishes_documents(second) || first.endpoint.mode == second.endpoint.mode)
    return;
  for (const auto* key : {"url", "folder"})
    if (const auto place = place_of(second.endpoint, key); !place.empty() && place == place_of(first.endpoint, key))
      complain(second, key, {"plan.endpoint_place_modes", {{"other", first.endpoint.name.value}}}, errors);
}

/// What two endpoints may not be to each other.
void check_pair(const Entry& first, const Entry& second, Errors& errors) {
  const auto& a = first.endpoint;
  const auto& b = second.endpoint;
  if (a.name == b.name && !a.name.value.empty()) {
    complain(second, "name",
             {"plan.endpoint_twice", {{"name", a.name.value}, {"line", std::int64_t{first.node->place.line}}}}, errors);
    return;
  }
  if (a.route == b.route) {
    const base::Text who{"", {{"route", a.route.value}, {"other", a.name.value}}};
    if (a.mode != b.mode)
      complain(second, "route", {"plan.route_modes", who.arguments}, errors);
    else if (first.traits && second.traits && first.traits->addressing != second.traits->addressing)
      complain(second, "route", {"plan.route_addressing", who.arguments}, errors);
    else if (a.audience != b.audience)
      complain(second, "route", {"plan.route_audiences", who.arguments}, errors);
    else if (a.readers != b.readers || a.languages != b.languages || a.zones != b.zones)
      complain(second, "route", {"plan.route_reach", who.arguments}, errors);
  } else if (a.mode == b.mode && !a.audience.empty() && a.audience == b.audience &&
             (a.languages != b.languages || a.zones != b.zones)) {
    // One list is read once a plan: its snapshot has one set of languages and zones.
    complain(second, "audience",
             {"plan.endpoint_audience_differs", {{"audience", a.audience}, {"other", a.name.value}}}, errors);
  }
}

/// One contract, one rate; and no more of it is given away than there is. What is left in `rate_per_second` is the
/// share.
void share_contracts(std::vector<Entry>& entries, Errors& errors) {
  struct Contract {
    int rate = 0, given = 0;
    std::string first;
  };
  std::map<std::string, Contract> contracts;
  for (auto& entry : entries) {
    auto& endpoint = entry.endpoint;
    if (endpoint.contract.empty()) continue;
    auto [known, is_new] = contracts.try_emplace(endpoint.contract, endpoint.rate_per_second, 0, endpoint.name.value);
    auto& contract = known->second;
    contract.given += endpoint.share;
    const std::vector<std::pair<std::string, base::Argument>> who = {{"contract", endpoint.contract},
                                                                     {"other", contract.first},
                                                                     {"rate", std::int64_t{contract.rate}},
                                                                     {"given", std::int64_t{contract.given}}};
    const int own = endpoint.rate_per_second * endpoint.share / 100;
    if (endpoint.rate_per_second != contract.rate)
      complain(entry, "rate", {"plan.contract_rates", who}, errors);
    else if (own == 0)
      complain(entry, "share", {"plan.contract_share_empty", who}, errors);
    else if (contract.given > 100)
      complain(entry, "share", {"plan.contract_given_away", who}, errors);
    endpoint.rate_per_second = own;
  }
}

}  // namespace

base::Checked<std::vector<Endpoint>> read_endpoints(const std::filesystem::path& path,
                                                    std::span<const ChannelTraits> traits) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_endpoints(*text, path.string(), traits);
}

base::Checked<std::vector<Endpoint>> parse_endpoints(const std::string& text, const std::string& file,
                                                     std::span<const ChannelTraits> traits) {
  const auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  Errors errors;
  std::vector<Entry> entries;
  {
    Fields fields(*root, "", errors);
    const auto* list = fields.child("endpoints");
    if (list && list->kind != Node::Kind::list) fields.complain("endpoints", {"plan.endpoints_list", {}});
    for (std::size_t i = 0; list && i < list->items.size(); ++i)
      entries.push_back(read_endpoint(list->items[i], "endpoints[" + std::to_string(i) + "]", traits, errors));
  }
  for (std::size_t j = 1; j < entries.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) {
      check_pair(entries[i], entries[j], errors);
      check_places(entries[i], entries[j], errors);
    }
  for (const auto& entry : entries) check_document(entry, errors);
  share_contracts(entries, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::vector<Endpoint> out;
  for (auto& entry : entries) out.push_back(std::move(entry.endpoint));
  return out;
}

}  // namespace broadcaster::plan
