#include "channels/webhook/webhook.hpp"

#include <fmt/core.h>

#include <array>
#include <boost/json.hpp>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/secret.hpp"

namespace broadcaster::channels::webhook {
namespace {

namespace json = boost::json;
using delivery::Attempt;

class Webhook final : public HttpChannel {
 public:
  explicit Webhook(Settings settings) : settings_(std::move(settings)) {}

  Step step(const Attempt& attempt, const net::HttpResult* last, base::WallTime now) const override {
    if (last == nullptr) return post(attempt, now);
    // Slow down, says the specification of 429, 502 and 504; for 502 and 504 the event may have arrived: they stay
    // unknown, and the same id goes out again.
    if (auto outcome = common_outcome(*last, now)) return std::move(*outcome);
    return delivery::Accepted{};
  }

 private:
  /// Its time is that of the event, so that every try of it is the same bytes; the time of the try is in the header.
  static std::string event(const Attempt& attempt) {
    const auto& content = *attempt.content;
    const auto* text = std::get_if<std::string>(&content.body);
    return json::serialize(json::object{
        {"type", content.is_stop ? "alert.ended" : "alert.issued"},
        {"timestamp", base::format_utc(content.issued)},
        {"data", json::object{{"identifier", content.alert_identifier},
                              {"code", content.alert_code},
                              {"mode", alert::name(content.mode)},
                              {"hazard", content.hazard},
                              {"language", content.language.value},
                              {"zone", content.zone.value},
                              {"text", text == nullptr ? std::string_view() : std::string_view(*text)},
                              {"expires", base::format_utc(attempt.expires)}}},
    });
  }

  Step post(const Attempt& attempt, base::WallTime now) const {
    if (!std::holds_alternative<std::string>(attempt.content->body))
      return delivery::Refused{delivery::Cause::message, "no text to send"};
    net::HttpRequest request;
    request.method = "POST";
    request.url = settings_.url;
    request.body = event(attempt);
    const std::string timestamp =
        fmt::format("{}", std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    request.headers = {{"Content-Type", "application/json"},
                       {"webhook-id", attempt.key},
                       {"webhook-timestamp", timestamp},
                       {"webhook-signature", signature(settings_.key, attempt.key, timestamp, request.body)}};
    request.timeout = std::chrono::seconds(20);  // the specification asks senders for 15 to 30 s
    request.repeat = net::HttpRequest::Repeat::never;
    return request;
  }

  const Settings settings_;
};

using plan::Setting;
constexpr std::array settings_of_kind = {
    Setting{"url", Setting::Kind::url, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"secret", Setting::Kind::secret, Setting::Presence::required, Setting::Fingerprint::not_part},
};

base::Result<std::unique_ptr<Channel>> create(const plan::Endpoint& endpoint, ChannelTools& tools) {
  auto secret = base::Secret::load(endpoint.settings.at("secret"), tools.config_folder);
  if (!secret) return std::unexpected(secret.error());
  auto key = key_of(secret->reveal());
  if (!key)
    return base::fail(base::ErrorKind::bad_input, {"channels.webhook.secret", {{"endpoint", endpoint.name.value}}});
  return over_http(http_channel({endpoint.settings.at("url"), std::move(*key)}), endpoint, tools);
}

}  // namespace

std::optional<base::Bytes> key_of(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return std::nullopt;
  auto key = base::from_base64(std::string(secret.substr(prefix.size())));
  if (!key || key->size() < 24 || key->size() > 64) return std::nullopt;
  return key;
}

std::string signature(const base::Bytes& key, std::string_view id, std::string_view timestamp, std::string_view body) {
  const auto mac = base::hmac_sha256(key, fmt::format("{}.{}.{}", id, timestamp, body));
  return "v1," + base::base64(mac);
}

std::unique_ptr<HttpChannel> http_channel(Settings settings) { return std::make_unique<Webhook>(std::move(settings)); }

ChannelKind kind() {
  using namespace std::chrono_literals;
  return {.traits = {.name = "webhook",
                     .form = "event",
                     .measure = plan::Measure::utf8_bytes,
                     .default_limit = 16'000,  // the specification asks for less than 20 kB in all
                     .addressing = plan::Addressing::account,
                     .intent = plan::Intent::with_the_outcome,  // the id makes a repeat harmless
                     .default_on_unknown = plan::OnUnknown::resend,
                     .default_reconcile_after = 5s,
                     .settings = settings_of_kind},
          .create = &create};
}

}  // namespace broadcaster::channels::webhook
