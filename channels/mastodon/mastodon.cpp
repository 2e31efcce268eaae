#include "channels/mastodon/mastodon.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "broadcaster/base/secret.hpp"
#include "channels/http/read_back.hpp"
#include "channels/mastodon/status_text.hpp"

namespace broadcaster::channels::mastodon {
namespace {

namespace json = boost::json;
using delivery::Accepted;
using delivery::Attempt;
using delivery::Evidence;
using delivery::Proof;
using delivery::Unknown;

/// A status as far as we look into it.
struct Status {
  std::string id;
  std::string text;
  std::string visibility;  ///< empty: the server does not say
  std::string warning;     ///< shown instead of the text, until a reader asks for it
};

std::optional<json::value> parsed(const std::string& body) {
  boost::system::error_code error;
  auto value = json::parse(body, error);
  if (error) return std::nullopt;
  return value;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// Ids are strings (docs.joinmastodon.org/entities/Status); they go back into a path, so nothing else passes.
bool is_id(std::string_view id) {
  if (id.empty() || id.size() > 64) return false;
  for (const char c : id)
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
      return false;
  return true;
}

std::optional<Status> status_of(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  Status status{text_at(*object, "id"), text_of_html(text_at(*object, "content")), text_at(*object, "visibility"),
                text_at(*object, "spoiler_text")};
  if (!is_id(status.id)) return std::nullopt;
  return status;
}

std::optional<Status> status_of(const net::HttpAnswer& answer) {
  const auto value = parsed(answer.body);
  if (!value) return std::nullopt;
  return status_of(*value);
}

class Mastodon final : public HttpChannel {
 public:
  Mastodon(plan::EndpointName endpoint, Settings settings)
      : endpoint_(std::move(endpoint)), settings_(std::move(settings)) {}

  Step step(const Attempt& attempt, const net::HttpResult* last, base::WallTime now) const override {
    if (last == nullptr) return post(attempt);
    // Looked at before anything else: a server without the old post says 404, which else shuts the endpoint.
    if (reply_refused(attempt, *last)) return delivery::Continues{std::string(stands_alone)};
    if (auto outcome = common_outcome(*last, now)) return std::move(*outcome);
    // A 2xx that is no status: a proxy's page, half an answer. The post may stand there.
    const auto status = status_of(**last);
    if (!status) return Unknown{fmt::format("HTTP {} without a status that can be read", (*last)->status)};
    return Accepted{status->id};
  }

  AskStep prove(const Attempt& attempt, const net::HttpAnswer& answer, const net::HttpResult* last,
                base::WallTime now) const override {
    const auto created = status_of(answer);
    if (!created || text(attempt) == nullptr) return std::nullopt;
    if (last == nullptr) return get("/api/v1/statuses/" + created->id);
    if (!*last || (*last)->status != 200) return std::nullopt;
    const auto shown = status_of(**last);
    if (!shown) return std::nullopt;
    const auto wrong = difference_of(*shown, *text(attempt));
    if (!wrong) return seen(attempt, shown->id, now);
    // A server that knows the key answers with the first post, whatever the text is now; one may cut or rewrite it.
    auto alarm = evidence(attempt, Proof::accepted, fmt::format("status {}: {}", shown->id, *wrong), now);
    alarm->kind = delivery::read_back_differs;
    return alarm;
  }

  /// First who we are, then what stands on our timeline: answers are told apart by their shape.
  AskStep ask(const Attempt& attempt, const net::HttpResult* last, base::WallTime now) const override {
    if (text(attempt) == nullptr) return std::nullopt;
    if (last == nullptr) return get("/api/v1/accounts/verify_credentials");
    if (!*last || (*last)->status != 200) return std::nullopt;
    const auto value = parsed((*last)->body);
    if (!value) return std::nullopt;
    if (const auto* account = value->if_object()) {
      const std::string id = text_at(*account, "id");
      if (!is_id(id)) return std::nullopt;
      return get("/api/v1/accounts/" + id + "/statuses?limit=40&exclude_reblogs=true");
    }
    const auto* timeline = value->if_array();
    if (timeline == nullptr) return std::nullopt;
    for (const auto& entry : *timeline) {
      const auto status = status_of(entry);
      if (status && is_ours(*status, attempt)) return seen(attempt, status->id, now);
    }
    return std::nullopt;
  }

 private:
  static constexpr std::string_view stands_alone = "stands alone";

  /// A follow-up is seen under what it follows.
  static bool is_reply(const Attempt& attempt) { return attempt.memo != stands_alone && is_id(attempt.follows_ref); }

  /// The post that it replies to may be gone: deleted, or never seen by a restored server. It goes out on its own then;
  /// what is wrong with the text itself is said to that again.
  static bool reply_refused(const Attempt& attempt, const net::HttpResult& last) {
    if (!is_reply(attempt) || !last) return false;
    constexpr std::array refused = {400, 403, 404, 410, 422};
    return std::ranges::find(refused, last->status) != refused.end();
  }

  static const std::string* text(const Attempt& attempt) { return std::get_if<std::string>(&attempt.content->body); }

  /// The code of the alert is the marker; the text tells an update from what it updates.
  static bool is_ours(const Status& status, const Attempt& attempt) {
    const auto& code = attempt.content->alert_code;
    return (code.empty() || status.text.find(code) != std::string::npos) && !difference(*text(attempt), status.text);
  }

  /// What a reader of the timeline would see otherwise than approved.
  std::optional<std::string> difference_of(const Status& shown, const std::string& approved) const {
    if (!shown.visibility.empty() && shown.visibility != settings_.visibility)
      return fmt::format("visibility {}, not {}", shown.visibility, settings_.visibility);
    if (!shown.warning.empty()) return fmt::format("hidden behind the warning \"{}\"", shown.warning);
    return difference(approved, shown.text);
  }

  Step post(const Attempt& attempt) const {
    if (text(attempt) == nullptr) return delivery::Refused{delivery::Cause::message, "no text to post"};
    net::HttpRequest request;
    request.method = "POST";
    request.url = settings_.url + "/api/v1/statuses";
    request.headers = {{"Authorization", "Bearer " + settings_.token},
                       {"Content-Type", "application/json"},
                       {"Idempotency-Key", attempt.key}};
    json::object body{{"status", *text(attempt)},
                      {"language", attempt.content->language.value},
                      {"visibility", settings_.visibility}};
    if (is_reply(attempt)) body["in_reply_to_id"] = attempt.follows_ref;
    request.body = json::serialize(body);
    request.repeat = net::HttpRequest::Repeat::never;
    return request;
  }

  net::HttpRequest get(const std::string& path) const {
    net::HttpRequest request;
    request.url = settings_.url + path;
    request.headers = {{"Authorization", "Bearer " + settings_.token}};
    request.repeat = net::HttpRequest::Repeat::safe;
    return request;
  }

  std::optional<Evidence> evidence(const Attempt& attempt, Proof proof, std::string detail, base::WallTime now) const {
    return Evidence{endpoint_, attempt.id.delivery, proof, "read_back", std::move(detail), now};
  }

  std::optional<Evidence> seen(const Attempt& attempt, const std::string& id, base::WallTime now) const {
    return evidence(attempt, Proof::confirmed, fmt::format("status {} shows the text as sent", id), now);
  }

  const plan::EndpointName endpoint_;
  const Settings settings_;
};

using plan::Setting;
constexpr std::array settings_of_kind = {
    Setting{"url", Setting::Kind::url, Setting::Presence::required, Setting::Fingerprint::part_of_destination},
    Setting{"token", Setting::Kind::secret, Setting::Presence::required, Setting::Fingerprint::not_part},
    Setting{"visibility", Setting::Kind::text, Setting::Presence::optional, Setting::Fingerprint::part_of_destination},
};

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

base::Result<std::unique_ptr<Channel>> create(const plan::Endpoint& endpoint, ChannelTools& tools) {
  Settings settings;
  settings.url = without_slash(endpoint.settings.at("url"));
  if (const auto found = endpoint.settings.find("visibility"); found != endpoint.settings.end())
    settings.visibility = found->second;
  // "direct" reaches only who is mentioned: an alert that nobody sees.
  if (settings.visibility != "public" && settings.visibility != "unlisted" && settings.visibility != "private")
    return base::fail(
        base::ErrorKind::bad_input,
        {"channels.mastodon.visibility", {{"endpoint", endpoint.name.value}, {"found", settings.visibility}}});
  auto token = base::Secret::load(endpoint.settings.at("token"), tools.config_folder);
  if (!token) return std::unexpected(token.error());
  settings.token = token->reveal();
  return over_http(http_channel(endpoint.name, std::move(settings)), endpoint, tools);
}

}  // namespace

std::unique_ptr<HttpChannel> http_channel(plan::EndpointName endpoint, Settings settings) {
  return std::make_unique<Mastodon>(std::move(endpoint), std::move(settings));
}

ChannelKind kind() {
  using namespace std::chrono_literals;
  return {.traits = {.name = "mastodon",
                     .form = "post",
                     .measure = plan::Measure::mastodon_characters,
                     .default_limit = 500,  // configuration.statuses.max_characters of a plain server
                     .addressing = plan::Addressing::account,
                     .intent = plan::Intent::before_the_byte,
                     .default_on_unknown = plan::OnUnknown::resend,
                     .default_reconcile_after = 5s,
                     .settings = settings_of_kind},
          .create = &create};
}

}  // namespace broadcaster::channels::mastodon
