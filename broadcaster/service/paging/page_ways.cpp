#include "broadcaster/service/paging/page_ways.hpp"

#include <boost/json.hpp>
#include <filesystem>

#include "broadcaster/base/secret.hpp"
#include "broadcaster/net/mail.hpp"
#include "channels/sms/body.hpp"

namespace broadcaster::service {
namespace {

/// Later than this a page is old news; another try has come meanwhile.
constexpr auto sms_validity_minutes = "15";

base::Result<std::string> opened(const std::string& text, const std::string& folder) {
  if (!base::Secret::is_reference(text)) return text;
  auto secret = base::Secret::load(text, folder);
  if (!secret) return std::unexpected(secret.error());
  return secret->reveal();
}

std::optional<std::string> http_failure(const net::HttpResult& result) {
  if (!result) return result.error().why;
  if (result->status < 200 || result->status > 299) return "HTTP " + std::to_string(result->status);
  return std::nullopt;
}

net::HttpRequest post(std::string url) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.timeout = std::chrono::seconds(10);
  request.max_answer = 64 << 10;
  return request;
}

}  // namespace

net::HttpRequest sms_request(const OpenWay& way, const std::string& to, const PageMessage& message) {
  auto body = channels::sms::body_of(message.text);
  auto request = post(way.way.url + "/cgi-bin/sendsms");
  request.headers = {{"Content-Type", body.content_type},
                     {"X-Kannel-Username", way.way.username},
                     {"X-Kannel-Password", way.password},
                     {"X-Kannel-From", way.way.sender},
                     {"X-Kannel-To", to},
                     {"X-Kannel-Coding", std::to_string(body.coding)},
                     {"X-Kannel-Validity", sms_validity_minutes}};
  if (!way.way.smsc.empty()) request.headers.emplace_back("X-Kannel-SMSC", way.way.smsc);
  request.body = std::move(body.bytes);
  return request;
}

net::HttpRequest ntfy_request(const OpenWay& way, const std::string& to, const PageMessage& message) {
  // docs.ntfy.sh/publish: JSON goes to the root of the server; priority 5 breaks through "do not disturb".
  boost::json::object body{{"topic", to},
                           {"title", message.title},
                           {"message", message.bare},
                           {"priority", 5},
                           {"tags", boost::json::array{"rotating_light"}}};
  if (!message.link.empty())
    body["actions"] = boost::json::array{boost::json::object{
        {"action", "http"}, {"label", message.button}, {"url", message.link}, {"method", "POST"}, {"clear", true}}};
  auto request = post(way.way.url + "/");
  request.headers = {{"Content-Type", "application/json"}};
  if (!way.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + way.token);
  request.body = boost::json::serialize(body);
  return request;
}

std::optional<std::string> sms_failure(const net::HttpResult& result) {
  if (auto failure = http_failure(result)) return failure;
  // Anything else than Kannel's own 202 is another server that answers there.
  if (result->status != 202) return "HTTP " + std::to_string(result->status) + ", not Kannel's 202";
  return std::nullopt;
}

std::optional<std::string> ntfy_failure(const net::HttpResult& result) { return http_failure(result); }

template <alert::Mode M>
PageWays<M>::PageWays(net::Loop& loop, net::HttpClient& http, const base::Clock& clock)
    : loop_(loop), http_(http), clock_(clock), mailing_(loop, 2, 64) {}

template <alert::Mode M>
PageWays<M>::~PageWays() {
  *alive_ = false;
}

template <alert::Mode M>
std::vector<typename PageWays<M>::LeftOut> PageWays<M>::open(const Duty& duty, const std::string& config_folder) {
  config_folder_ = config_folder;
  std::vector<LeftOut> left_out;
  for (const auto& way : duty.ways) {
    if (way.mode != M) continue;
    const auto password = opened(way.password, config_folder), token = opened(way.token, config_folder);
    if (!password || !token) {
      left_out.push_back({way.name, {}, password ? token.error() : password.error()});
      continue;
    }
    OpenWay open{.way = way, .password = *password, .token = *token, .to = {}};
    for (const auto& person : duty.people)
      for (const auto& wake : person.wake) {
        if (wake.way != way.name) continue;
        if (auto to = opened(wake.to, config_folder))
          open.to[person.person] = std::move(*to);
        else
          left_out.push_back({way.name, person.person, to.error()});
      }
    ways_.push_back(std::move(open));
  }
  return left_out;
}

template <alert::Mode M>
bool PageWays<M>::reaches(std::string_view person) const {
  for (const auto& way : ways_)
    if (way.to.contains(std::string(person))) return true;
  return false;
}

template <alert::Mode M>
int PageWays<M>::send(const std::string& person, const PageMessage& message, Answer answer) {
  int sent = 0;
  for (const auto& way : ways_) {
    const auto to = way.to.find(person);
    if (to == way.to.end()) continue;
    ++sent;
    send(way, to->second, message, answer);
  }
  return sent;
}

template <alert::Mode M>
void PageWays<M>::send(const OpenWay& way, const std::string& to, const PageMessage& message, Answer answer) {
  using Failure = std::optional<std::string> (*)(const net::HttpResult&);
  const auto over_http = [&](net::HttpRequest request, Failure failure) {
    http_.send(std::move(request),
               [name = way.way.name, failure, answer, alive = alive_](const net::HttpResult& result) {
                 if (*alive) answer(name, failure(result));
               });
  };
  switch (way.way.kind) {
    case WayKind::sms:
      return over_http(sms_request(way, to, message), &sms_failure);
    case WayKind::ntfy:
      return over_http(ntfy_request(way, to, message), &ntfy_failure);
    case WayKind::email:
      return mail(way, to, message, std::move(answer));
  }
}

template <alert::Mode M>
void PageWays<M>::mail(const OpenWay& way, const std::string& to, const PageMessage& message, Answer answer) {
  net::Mail mail{.url = way.way.url,
                 .username = way.way.username,
                 .password = way.password,
                 .from = way.way.sender,
                 .to = to,
                 .subject = message.title,
                 .body = message.text + "\r\n",
                 .ca_file = {},
                 .connect_timeout = std::chrono::seconds(4),
                 .timeout = std::chrono::seconds(8)};  // a clean end waits for it
  if (!way.way.ca.empty()) mail.ca_file = (std::filesystem::path(config_folder_) / way.way.ca).string();
  auto failure = std::make_shared<std::optional<std::string>>();
  const bool queued = mailing_.run(
      [failure, mail = std::move(mail), now = clock_.now().wall] {
        if (const auto sent = net::send_mail(mail, now); !sent) *failure = sent.error();
      },
      [failure, answer, name = way.way.name, alive = alive_] {
        if (*alive) answer(name, *failure);
      });
  // Never inside the call: whoever asks has not counted its answers yet.
  if (!queued)
    loop_.post([answer, name = way.way.name, alive = alive_] {
      if (*alive) answer(name, "too many mails wait");
    });
}

template class PageWays<alert::Mode::live>;
template class PageWays<alert::Mode::drill>;

}  // namespace broadcaster::service
