#include "channels/sms/kannel.hpp"

#include <fmt/core.h>

#include <array>

#include "broadcaster/base/secret.hpp"
#include "channels/sms/body.hpp"
#include "channels/sms/receipt.hpp"

namespace broadcaster::channels::sms {
namespace {

using delivery::Accepted;
using delivery::Attempt;
using delivery::Cause;
using delivery::NotSent;
using delivery::Outcome;
using delivery::Refused;
using delivery::Unknown;

/// delivered, not delivered, accepted by the operator, refused by the operator (user guide, table of dlr-mask).
constexpr int dlr_mask = 1 + 2 + 8 + 16;

/// Kannel's unit is the minute. Rounded down: no phone shows the text after its expiry. In the last minute it is 1, the
/// least that Kannel has (0 is the operator's own default, days): a warning may come a minute late rather than not.
long validity_minutes(base::WallTime expires, base::WallTime now) {
  const auto left = std::chrono::floor<std::chrono::minutes>(expires - now).count();
  return left < 1 ? 1 : static_cast<long>(left);
}

/// "+62 …" as E.164 says, and nothing that could end a header.
bool is_number(std::string_view number) {
  if (number.starts_with('+')) number.remove_prefix(1);
  if (number.empty() || number.size() > 15) return false;
  for (const char c : number)
    if (c < '0' || c > '9') return false;
  return true;
}

/// Kannel's own words (gw/smsbox.c of 1.4.5): its status alone does not say whose fault it is.
std::optional<Outcome> kannel_outcome(const net::HttpAnswer& answer) {
  const auto says = [&](std::string_view words) { return answer.body.find(words) != std::string::npos; };
  const std::string why = what_it_said(answer);
  if (answer.status == 202) {
    if (answer.body.starts_with("0:") || answer.body.starts_with("3:") || answer.body.starts_with("Sent."))
      return Accepted{};
    return Unknown{why};
  }
  if (answer.status == 403) {
    // No link of the gateway takes this number: it is outside the operators' prefixes. Were it the gateway's
    // configuration, every number would say so, and the page of a person would come from those failures.
    if (says("Not routable")) return Refused{Cause::recipient, why};
    return std::nullopt;  // "Authorization failed for sendsms"
  }
  if (answer.status == 400) {
    if (says("receiver") || says("black-list") || says("'to' field")) return Refused{Cause::recipient, why};
    if (says("Sender missing")) return Refused{Cause::endpoint, why};
    return std::nullopt;
  }
  // The gateway's queue is full or it is stopping: it says that it did not take it.
  if (answer.status == 503 && says("Temporal failure")) return NotSent{{}, why};
  return std::nullopt;
}

class Kannel final : public HttpChannel {
 public:
  Kannel(plan::EndpointName endpoint, Settings settings)
      : endpoint_(std::move(endpoint)), settings_(std::move(settings)), receipt_key_(receipt_key(settings_.password)) {}

  Step step(const Attempt& attempt, const net::HttpResult* last, base::WallTime now) const override {
    if (last == nullptr) return send(attempt, now);
    if (*last)
      if (auto outcome = kannel_outcome(**last)) return std::move(*outcome);
    if (auto outcome = common_outcome(*last, now)) return std::move(*outcome);
    return Unknown{what_it_said(**last)};  // 200 and the like: not smsbox that answers there
  }

  /// "3: Queued for later delivery": the gateway has it on its disk, and no link to an operator.
  AskStep prove(const Attempt& attempt, const net::HttpAnswer& answer, const net::HttpResult*,
                base::WallTime now) const override {
    if (!answer.body.starts_with("3:")) return std::nullopt;
    return delivery::Evidence{endpoint_, attempt.id.delivery,  delivery::Proof::accepted,
                              "queued",  what_it_said(answer), now};
  }

  Received receive(const net::ServerRequest& request, base::WallTime now) const override {
    auto evidence = read_receipt(receipt_key_, endpoint_, request.query, now);
    if (evidence) return {.status = 200, .body = {}, .evidence = {std::move(*evidence)}};
    switch (evidence.error()) {
      case BadReceipt::forged:
        return {.status = 403, .body = {}, .evidence = {}};
      case BadReceipt::malformed:
        return {.status = 400, .body = {}, .evidence = {}};
    }
    return {.status = 400, .body = {}, .evidence = {}};
  }

 private:
  Step send(const Attempt& attempt, base::WallTime now) const {
    const auto* text = std::get_if<std::string>(&attempt.content->body);
    if (text == nullptr) return Refused{Cause::message, "no text to send"};
    if (!is_number(attempt.recipient)) return Refused{Cause::recipient, "not a phone number"};
    Body body = body_of(*text);
    net::HttpRequest request;
    request.method = "POST";
    request.url = settings_.url + "/cgi-bin/sendsms";
    request.headers = {
        {"Content-Type", body.content_type},
        {"X-Kannel-Username", settings_.username},
        {"X-Kannel-Password", settings_.password},
        {"X-Kannel-From", settings_.sender},
        {"X-Kannel-To", attempt.recipient},
        {"X-Kannel-Coding", fmt::format("{}", body.coding)},
        {"X-Kannel-Validity", fmt::format("{}", validity_minutes(attempt.expires, now))},
        {"X-Kannel-DLR-Mask", fmt::format("{}", dlr_mask)},
        {"X-Kannel-DLR-Url",
         receipt_url(receipt_key_, settings_.hooks_url, endpoint_, carried(attempt.id, attempt.key), body.parts)},
    };
    if (!settings_.smsc.empty()) request.headers.emplace_back("X-Kannel-SMSC", settings_.smsc);
    request.body = std::move(body.bytes);
    request.repeat = net::HttpRequest::Repeat::never;
    return request;
  }

  const plan::EndpointName endpoint_;
  const Settings settings_;
  const ReceiptKey receipt_key_;
};

using plan::Setting;
constexpr std::array settings_of_kind = {
    Setting{"url", Setting::Kind::url, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"username", Setting::Kind::text, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"password", Setting::Kind::secret, Setting::Presence::required, Setting::Fingerprint::not_part},
    Setting{"sender", Setting::Kind::text, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"smsc", Setting::Kind::text, Setting::Presence::optional, Setting::Fingerprint::part_of_destination},
};

base::Result<std::unique_ptr<Channel>> create(const plan::Endpoint& endpoint, ChannelTools& tools) {
  auto password = base::Secret::load(endpoint.settings.at("password"), tools.config_folder);
  if (!password) return std::unexpected(password.error());
  Settings settings;
  settings.url = endpoint.settings.at("url");
  while (settings.url.ends_with('/')) settings.url.pop_back();
  settings.username = endpoint.settings.at("username");
  settings.password = password->reveal();
  settings.sender = endpoint.settings.at("sender");
  if (const auto found = endpoint.settings.find("smsc"); found != endpoint.settings.end())
    settings.smsc = found->second;
  settings.hooks_url = tools.hooks_url;
  return over_http(http_channel(endpoint.name, std::move(settings)), endpoint, tools);
}

}  // namespace

std::unique_ptr<HttpChannel> http_channel(plan::EndpointName endpoint, Settings settings) {
  return std::make_unique<Kannel>(std::move(endpoint), std::move(settings));
}

ChannelKind kind() {
  using namespace std::chrono_literals;
  return {.traits = {.name = "sms",
                     .form = "sms",
                     .measure = plan::Measure::sms_segments,
                     .default_limit = 2,  // with one part a phone's report confirms it; with two it never does
                     .addressing = plan::Addressing::audience,
                     .intent = plan::Intent::before_the_byte,
                     .default_on_unknown = plan::OnUnknown::resend,
                     .default_reconcile_after = 20s,
                     .settings = settings_of_kind},
          .create = &create};
}

}  // namespace broadcaster::channels::sms
