#include "channels/siren/controller/settings.hpp"

#include <array>
#include <charconv>
#include <filesystem>

#include "broadcaster/base/secret.hpp"

namespace broadcaster::channels::siren {
namespace {

using Kind = plan::Setting::Kind;
using Presence = plan::Setting::Presence;
using Print = plan::Setting::Fingerprint;

constexpr std::array<plan::Setting, 8> table = {{
    {"broker", Kind::text, Presence::required, Print::part_of_destination},
    {"ca", Kind::path, Presence::required, Print::not_part},
    {"certificate", Kind::path, Presence::required, Print::not_part},
    {"key", Kind::path, Presence::required, Print::not_part},
    {"site", Kind::text, Presence::required, Print::part_of_destination},
    {"controller", Kind::text, Presence::required, Print::part_of_destination},
    {"signing_key", Kind::secret, Presence::required, Print::not_part},
    {"ack_timeout", Kind::whole, Presence::optional, Print::not_part},
}};

std::string setting(const plan::Endpoint& endpoint, const std::string& key) {
  const auto at = endpoint.settings.find(key);
  return at == endpoint.settings.end() ? "" : at->second;
}

base::Error mistake(const plan::Endpoint& endpoint, const std::string& key, const char* id) {
  return {base::ErrorKind::bad_input,
          {id, {{"endpoint", endpoint.name.value}, {"found", setting(endpoint, key)}}},
          {},
          key};
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool read_broker(const std::string& text, net::MqttOptions& out) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  out.host = text.substr(0, colon);
  return read_number(std::string_view(text).substr(colon + 1), out.port) && out.port != 0;
}

}  // namespace

std::span<const plan::Setting> setting_table() { return table; }

base::Result<Settings> read_settings(const plan::Endpoint& endpoint, const std::string& config_folder) {
  const Controller controller{setting(endpoint, "site"), setting(endpoint, "controller"), mode_of(endpoint.mode)};
  if (!valid_id(controller.site)) return std::unexpected(mistake(endpoint, "site", "siren.bad_id"));
  if (!valid_id(controller.id)) return std::unexpected(mistake(endpoint, "controller", "siren.bad_id"));

  const auto secret = base::Secret::load(setting(endpoint, "signing_key"), config_folder);
  if (!secret) return std::unexpected(secret.error());
  const auto key = SigningKey::from_seed(secret->reveal());
  if (!key) return std::unexpected(mistake(endpoint, "signing_key", "siren.bad_key"));
  if (is_example_key(key->public_key())) return std::unexpected(mistake(endpoint, "signing_key", "siren.example_key"));

  Settings out{controller, {}, *key};
  if (!read_broker(setting(endpoint, "broker"), out.broker))
    return std::unexpected(mistake(endpoint, "broker", "siren.bad_broker"));
  const auto file = [&](const char* name) {
    return (std::filesystem::path(config_folder) / setting(endpoint, name)).string();
  };
  out.broker.ca_file = file("ca");
  out.broker.cert_file = file("certificate");
  out.broker.key_file = file("key");
  out.broker.client_id = "controller/" + controller.id + "/" + endpoint.name.value;
  // Answers that come while the link is down wait at the broker.
  out.broker.session_expiry = net::seconds(3600);
  out.broker.window = 400;
  if (const auto text = setting(endpoint, "ack_timeout"); !text.empty()) {
    int value = 0;
    if (!read_number(text, value) || value < 1 || value > 60)
      return std::unexpected(mistake(endpoint, "ack_timeout", "siren.bad_ack_timeout"));
    out.ack_timeout = std::chrono::seconds(value);
  }
  return out;
}

}  // namespace broadcaster::channels::siren
