// Attempts and answers as the tests of channels need them.
#pragma once

#include <memory>
#include <string>

#include "broadcaster/delivery/attempt.hpp"
#include "channels/http/http_channel.hpp"

namespace broadcaster::channels {

inline base::WallTime noon() { return *base::parse_utc("2026-11-24T05:00:00.000Z"); }

inline delivery::Attempt attempt_of(std::string text, std::string recipient = "id") {
  delivery::Content content;
  content.mode = alert::Mode::drill;
  content.alert_identifier = "tirtapura-2026-11-24-1";
  content.alert_code = "TP12";
  content.hazard = "tsunami";
  content.issued = noon();
  content.language = alert::Language("id");
  content.form = "post";
  content.body = std::move(text);
  delivery::Attempt attempt;
  attempt.id = {delivery::DeliveryId(42), 1};
  attempt.endpoint = plan::EndpointName("test");
  attempt.recipient = std::move(recipient);
  attempt.key = "5f1d0c1e";
  attempt.content = std::make_shared<const delivery::Content>(std::move(content));
  attempt.expires = noon() + std::chrono::hours(3);
  return attempt;
}

inline net::HttpResult answered(int status, std::string body = {}, net::Headers headers = {}) {
  return net::HttpAnswer{status, std::move(headers), std::move(body)};
}

inline net::HttpResult failed(net::HttpFailure::Sent sent, net::HttpFailure::Phase phase) {
  return std::unexpected(net::HttpFailure{sent, phase, "why"});
}

/// "accepted", "not_sent", "refused(credentials)", …
inline std::string said(const delivery::Outcome& outcome) {
  std::string name(delivery::name(outcome));
  if (const auto* refused = std::get_if<delivery::Refused>(&outcome))
    name += "(" + std::string(delivery::name(refused->cause)) + ")";
  return name;
}

inline std::string said(const Step& step) {
  if (const auto* outcome = std::get_if<delivery::Outcome>(&step)) return said(*outcome);
  return "request";
}

inline std::string header_of(const net::HttpRequest& request, std::string_view name) {
  const auto* found = net::find_header(request.headers, name);
  return found == nullptr ? "(none)" : *found;
}

}  // namespace broadcaster::channels
