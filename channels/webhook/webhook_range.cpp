#include "channels/webhook/webhook_range.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace broadcaster::channels::webhook {
namespace {

constexpr std::chrono::seconds tolerance = std::chrono::minutes(5);
constexpr std::size_t most_ids = 100'000;

/// The header is a list: a sender that changes its secret signs with both.
bool signed_by(const base::Bytes& key, const std::string& list, const std::string& id, const std::string& timestamp,
               const std::string& body) {
  const std::string wanted = signature(key, id, timestamp, body);
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto end = rest.find(' ');
    if (rest.substr(0, end) == wanted) return true;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

bool is_now(const std::string& timestamp, base::WallTime now) {
  std::int64_t seconds = 0;
  const auto* end = timestamp.data() + timestamp.size();
  if (std::from_chars(timestamp.data(), end, seconds).ptr != end) return false;
  const auto there = std::chrono::seconds(seconds);
  const auto here = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  return there <= here + tolerance && here <= there + tolerance;
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

RangeAnswer WebhookRange::handle(const net::ServerRequest& request, base::WallTime now) {
  if (request.method != "POST") return {.status = 405, .headers = {}, .body = {}};
  const auto* id = request.header("webhook-id");
  const auto* timestamp = request.header("webhook-timestamp");
  const auto* list = request.header("webhook-signature");
  if (id == nullptr || timestamp == nullptr || list == nullptr || !is_now(*timestamp, now) ||
      !signed_by(key_, *list, *id, *timestamp, request.body))
    return {.status = 401, .headers = {}, .body = {}};
  boost::system::error_code error;
  const auto value = boost::json::parse(request.body, error);
  const auto* event = error ? nullptr : value.if_object();
  const auto* data = event == nullptr || !event->contains("data") ? nullptr : event->at("data").if_object();
  if (data == nullptr) return {.status = 400, .headers = {}, .body = {}};
  if (ids_.size() < most_ids && ids_.insert(*id).second)
    seen_.add({"webhook", request.target.empty() ? std::string() : request.target.substr(1), text_at(*event, "type"),
               text_at(*data, "text"), text_at(*data, "language"), now});
  return {.status = 204, .headers = {}, .body = {}};
}

}  // namespace broadcaster::channels::webhook
