#include <fmt/core.h>

#include <boost/json.hpp>

#include "broadcaster/base/log.hpp"
#include "broadcaster/base/unicode.hpp"
#include "channels/http/http_channel.hpp"

namespace broadcaster::channels {
namespace {

using delivery::Cause;
using delivery::NotSent;
using delivery::Outcome;
using delivery::Refused;
using delivery::Unknown;

constexpr std::size_t max_why = 300;

Outcome of_failure(const net::HttpFailure& failure) {
  using Sent = net::HttpFailure::Sent;
  using Phase = net::HttpFailure::Phase;
  const std::string why = fit_for_record(fmt::format("{}: {}", net::name_of(failure.phase), failure.why), max_why);
  // A request that cannot even be built is our configuration's fault, and stays so.
  if (failure.phase == Phase::request) return Refused{Cause::endpoint, why};
  // Our own doing, and no fault of the endpoint.
  if (failure.phase == Phase::withheld && failure.sent == Sent::no) return NotSent{{}, why, NotSent::Scope::recipient};
  switch (failure.sent) {
    case Sent::no:
      return NotSent{{}, why};
    case Sent::maybe:
      return Unknown{why};
  }
  return Unknown{why};
}

/// The words of a JSON error: {"error": "…"}, {"message": "…"}, {"error": {"message": "…"}}.
std::optional<std::string> words_of(const boost::json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return std::nullopt;
  for (const std::string_view key : {"error", "message", "detail"}) {
    const auto* found = object->if_contains(key);
    if (found == nullptr) continue;
    if (const auto* text = found->if_string()) return std::string(*text);
    if (const auto* inner = found->if_object()) {
      const auto* message = inner->if_contains("message");
      if (message != nullptr && message->is_string()) return std::string(message->get_string());
    }
  }
  return std::nullopt;
}

std::string words_of_body(const std::string& body) {
  if (body.empty()) return {};
  if (body.front() == '{') {
    boost::system::error_code error;
    const auto value = boost::json::parse(body, error);
    if (error) return {};
    return words_of(value).value_or("");
  }
  if (body.front() == '<') return {};  // a proxy's page: nothing in it for the record
  return body.substr(0, body.find_first_of("\r\n"));
}

}  // namespace

std::string fit_for_record(std::string_view text, std::size_t bytes) {
  std::string line(text);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  if (!base::valid_utf8(line))
    for (char& c : line)
      if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  // Before the cut: half a secret is a secret still, and no longer looks like one.
  line = base::log::redact(line);
  if (line.size() > bytes) {
    std::size_t end = bytes;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
  }
  return line;
}

std::string what_it_said(const net::HttpAnswer& answer) {
  const std::string words = words_of_body(answer.body);
  const std::string all =
      words.empty() ? fmt::format("HTTP {}", answer.status) : fmt::format("HTTP {}: {}", answer.status, words);
  return fit_for_record(all, max_why);
}

std::optional<Outcome> common_outcome(const net::HttpResult& result, base::WallTime now) {
  if (!result) return of_failure(result.error());
  const net::HttpAnswer& answer = *result;
  const int status = answer.status;
  if (status >= 200 && status < 300) return std::nullopt;
  const std::string why = what_it_said(answer);
  switch (status) {
    case 401:
    case 403:
      return Refused{Cause::credentials, why};
    case 404:
    case 405:
    case 410:
      return Refused{Cause::endpoint, why};
    // RFC 9110 §15.5.9 and RFC 8470 §5.2: the server says that it did not act.
    case 408:
    case 425:
      return NotSent{{}, why};
    case 429:
      return NotSent{retry_after(answer, now), why};
    default:
      break;
  }
  if (status >= 400 && status < 500) return Refused{Cause::message, why};
  if (status >= 300 && status < 400) return Refused{Cause::endpoint, why};
  if (status == 503) {
    // A time to come back is the mark of a server that turned us away at the door; without it a proxy may have lost
    // the answer of a server that acted.
    if (const auto after = retry_after(answer, now)) return NotSent{after, why};
  }
  return Unknown{why};  // 5xx, and 1xx as a last answer, which no server may send
}

}  // namespace broadcaster::channels
