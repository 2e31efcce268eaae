// Whatever somebody sends to the range: an answer of HTTP, and nothing is shown that has not the account's token or the
// partner's signature.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "channels/mastodon/mastodon_range.hpp"
#include "channels/range/faults.hpp"
#include "channels/webhook/webhook.hpp"
#include "channels/webhook/webhook_range.hpp"
#include "tests/channels/attempts.hpp"

namespace {

using namespace broadcaster;
using namespace broadcaster::channels;

/// The first line is method and target, the second the query, the third the token; the rest is the body.
net::ServerRequest request_of(std::string_view text) {
  net::ServerRequest request;
  const auto line = [&] {
    const auto end = text.find('\n');
    std::string taken(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return taken;
  };
  const auto first = line();
  const auto space = first.find(' ');
  request.method = first.substr(0, space);
  request.target = space == std::string::npos ? "" : first.substr(space + 1);
  request.query = line();
  const auto token = line();
  request.headers = {{"Authorization", "Bearer " + token},
                     {"Content-Type", token.starts_with("j") ? "application/json" : "text/plain"},
                     {"Idempotency-Key", token},
                     {"webhook-id", token},
                     {"webhook-timestamp", request.query},
                     {"webhook-signature", token}};
  request.body = text;
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)read_fault(text);
  const auto request = request_of(text);
  SeenBook seen;
  mastodon::MastodonRange network(seen, {{"j-token", "tirtapura_drill"}});
  webhook::WebhookRange partner(seen, base::Bytes(32, 7));
  for (RangeSide* side : {static_cast<RangeSide*>(&network), static_cast<RangeSide*>(&partner)}) {
    const auto answer = side->handle(request, noon());
    if (answer.status < 200 || answer.status > 599) std::abort();
  }
  for (const auto& one : seen.all())
    if (one.where != "mastodon" || text.find("j-token") == std::string_view::npos) std::abort();
  return 0;
}
