#include "channels/cap_feed/upload.hpp"

#include "channels/http/http_channel.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

constexpr base::milliseconds patience = std::chrono::seconds(20);
constexpr std::size_t largest = 16 << 20;

/// RFC 9110 §13.1.1: If-Match compares strongly, so that a weak one never matches.
std::string strong_tag(const net::HttpAnswer& answer) {
  const auto* tag = answer.header("ETag");
  return tag && tag->starts_with('"') ? *tag : std::string();
}

}  // namespace

Answer answer_to_get(const net::HttpResult& result, base::WallTime now) {
  if (result && result->status == 200) return Found{result->body, strong_tag(*result)};
  if (result && (result->status == 404 || result->status == 410)) return Absent{};
  if (auto outcome = common_outcome(result, now)) return Failed{std::move(*outcome)};
  return Failed{delivery::Unknown{what_it_said(*result)}};  // another 2xx is no file
}

Answer answer_to_put(const net::HttpResult& result, base::WallTime now) {
  if (result && result->status == 412) return Changed{};
  // RFC 4918 §9.7.1 and §11.5: the resource was not made.
  if (result && (result->status == 409 || result->status == 507))
    return Failed{delivery::NotSent{{}, what_it_said(*result)}};
  if (auto outcome = common_outcome(result, now)) return Failed{std::move(*outcome)};
  return Stored{};
}

Upload::Upload(std::string url, Credentials credentials, net::HttpClient& http, const base::Clock& clock)
    : url_(std::move(url)), credentials_(std::move(credentials)), http_(http), clock_(clock) {}

net::HttpRequest Upload::request(std::string method, const std::string& file) const {
  net::HttpRequest out;
  out.method = std::move(method);
  out.url = url_ + file;
  if (!credentials_.authorization.empty()) out.headers.emplace_back("Authorization", credentials_.authorization);
  out.timeout = patience;
  out.max_answer = largest;
  out.repeat = net::HttpRequest::Repeat::safe;  // the same bytes at the same place; a condition makes it one of them
  return out;
}

void Upload::read(Read what, Then then) {
  auto get = request("GET", what.file);
  get.headers.emplace_back("Cache-Control", "no-cache");  // what a cache on the way remembers is no proof
  http_.send(std::move(get), [&clock = clock_, then = std::move(then)](net::HttpResult result) mutable {
    then(answer_to_get(result, clock.now().wall));
  });
}

void Upload::write(Write what, std::function<bool()> may_leave, Then then) {
  auto put = request("PUT", what.file);
  put.headers.emplace_back("Content-Type", what.media_type);
  if (!what.instead_of)
    put.headers.emplace_back("If-None-Match", "*");
  else if (!what.instead_of->empty())
    put.headers.emplace_back("If-Match", *what.instead_of);
  put.body = std::move(what.content);
  put.may_leave = std::move(may_leave);
  http_.send(std::move(put), [&clock = clock_, then = std::move(then)](net::HttpResult result) mutable {
    then(answer_to_put(result, clock.now().wall));
  });
}

}  // namespace broadcaster::channels::cap_feed
