#include "channels/cap_feed/cap_feed.hpp"

#include <array>
#include <filesystem>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/base/secret.hpp"
#include "broadcaster/plan/document.hpp"
#include "channels/cap_feed/document.hpp"
#include "channels/cap_feed/feed.hpp"
#include "channels/cap_feed/folder.hpp"
#include "channels/cap_feed/upload.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace fs = std::filesystem;
using plan::Setting;

/// What readers see and what people sign for: all but the secrets, and the certificate, which no one needs to check by.
constexpr std::array settings_of_kind = {
    Setting{"url", Setting::Kind::url, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"folder", Setting::Kind::path, Setting::Presence::optional, Setting::Fingerprint::part_of_destination},
    Setting{"title", Setting::Kind::text, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"signer", Setting::Kind::text, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"signing_key", Setting::Kind::secret, Setting::Presence::required, Setting::Fingerprint::not_part},
    Setting{"certificate", Setting::Kind::path, Setting::Presence::optional, Setting::Fingerprint::not_part},
    Setting{"username", Setting::Kind::text, Setting::Presence::optional, Setting::Fingerprint::part_of_destination},
    Setting{"password", Setting::Kind::secret, Setting::Presence::optional, Setting::Fingerprint::not_part},
    Setting{"token", Setting::Kind::secret, Setting::Presence::optional, Setting::Fingerprint::not_part},
};

std::string optional(const plan::Endpoint& endpoint, const char* key) {
  const auto found = endpoint.settings.find(key);
  return found == endpoint.settings.end() ? std::string() : found->second;
}

std::unexpected<base::Error> bad(const char* what, const plan::Endpoint& endpoint, std::string found = {}) {
  return base::fail(base::ErrorKind::bad_input,
                    {what, {{"endpoint", endpoint.name.value}, {"found", std::move(found)}}});
}

std::string in_folder(const std::string& path, const ChannelTools& tools) {
  return path.empty() ? path : (fs::path(tools.config_folder) / path).string();
}

Frame frame_of(const plan::Endpoint& endpoint) {
  Frame out{.url = endpoint.settings.at("url"), .title = endpoint.settings.at("title"), .mode = endpoint.mode};
  if (!out.url.ends_with('/')) out.url += '/';
  switch (endpoint.mode) {
    case alert::Mode::drill:
      out.title = "EXERCISE: " + out.title;
      break;
    case alert::Mode::live:
      break;
  }
  return out;
}

/// A key that cannot sign, or is not the one that people sign for, is found at the start and not on the night.
base::Result<std::shared_ptr<const Signer>> signer_of(const plan::Endpoint& endpoint, const ChannelTools& tools) {
  auto key = base::Secret::load(endpoint.settings.at("signing_key"), tools.config_folder);
  if (!key) return std::unexpected(key.error());
  Signer out{.key = {.pem = key->reveal(), .certificate = {}}, .shown = {}};
  if (const auto file = in_folder(optional(endpoint, "certificate"), tools); !file.empty()) {
    auto certificate = base::read_file(file);
    if (!certificate) return std::unexpected(certificate.error());
    out.key.certificate = std::move(*certificate);
  }
  auto shown = alert::cap::public_half(out.key);
  if (!shown) return bad("channels.cap_feed.signing_key", endpoint);
  if (shown->digest != endpoint.settings.at("signer")) return bad("channels.cap_feed.signer", endpoint, shown->digest);
  out.shown = std::move(*shown);
  const std::string sample = "<alert xmlns=\"" + std::string(alert::cap::cap_space) + "\"><note>x</note></alert>";
  if (!alert::cap::with_signature(sample, out.key)) return bad("channels.cap_feed.signing_key", endpoint);
  return std::make_shared<const Signer>(std::move(out));
}

base::Result<Credentials> credentials_of(const plan::Endpoint& endpoint, const ChannelTools& tools) {
  const auto username = optional(endpoint, "username"), password = optional(endpoint, "password");
  const auto token = optional(endpoint, "token");
  if (username.empty() != password.empty() || (!username.empty() && !token.empty()))
    return bad("channels.cap_feed.credentials", endpoint);
  if (username.empty() && token.empty()) return Credentials{};
  auto secret = base::Secret::load(token.empty() ? password : token, tools.config_folder);
  if (!secret) return std::unexpected(secret.error());
  if (!token.empty()) return Credentials{"Bearer " + secret->reveal()};
  const auto both = username + ":" + secret->reveal();
  return Credentials{"Basic " +
                     base::base64(std::span(reinterpret_cast<const std::uint8_t*>(both.data()), both.size()))};
}

base::Result<std::unique_ptr<Channel>> create(const plan::Endpoint& endpoint, ChannelTools& tools) {
  auto signer = signer_of(endpoint, tools);
  if (!signer) return std::unexpected(signer.error());
  auto credentials = credentials_of(endpoint, tools);
  if (!credentials) return std::unexpected(credentials.error());
  const auto folder = in_folder(optional(endpoint, "folder"), tools);
  FeedSettings settings{endpoint.name, frame_of(endpoint), std::move(*signer)};
  const bool in_clear = !settings.frame.url.starts_with("https://");
  if (folder.empty() && in_clear && endpoint.mode == alert::Mode::live)
    return bad("channels.cap_feed.in_clear", endpoint);
  if (!folder.empty() && !credentials->authorization.empty()) return bad("channels.cap_feed.credentials", endpoint);
  auto readers = std::make_unique<Upload>(settings.frame.url, *credentials, tools.http, tools.clock);
  std::unique_ptr<Place> place;
  if (folder.empty())
    place = std::make_unique<Upload>(settings.frame.url, std::move(*credentials), tools.http, tools.clock);
  else
    place = std::make_unique<Folder>(folder, tools.workers, tools.loop);
  return std::make_unique<Feed>(std::move(settings), std::move(place), std::move(readers), tools);
}

}  // namespace

ChannelKind kind() {
  using namespace std::chrono_literals;
  return {.traits = {.name = plan::document_channel,
                     .form = plan::document_form,
                     .measure = plan::Measure::utf8_bytes,
                     .default_limit = 4 << 20,  // half of what our own reader takes: a signature comes with it
                     .addressing = plan::Addressing::account,
                     .intent = plan::Intent::with_the_outcome,  // its address makes a repeat harmless
                     .default_on_unknown = plan::OnUnknown::resend,
                     .default_reconcile_after = 5s,
                     .settings = settings_of_kind,
                     .document = &document},
          .create = &create};
}

}  // namespace broadcaster::channels::cap_feed
