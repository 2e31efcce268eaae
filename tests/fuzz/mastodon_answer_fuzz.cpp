// Whatever a server answers: one honest outcome, and nothing is confirmed that does not show the text.
#include <cstdlib>

#include "broadcaster/base/unicode.hpp"
#include "channels/mastodon/mastodon.hpp"
#include "channels/mastodon/status_text.hpp"
#include "tests/channels/attempts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster;
  using Proof = std::optional<delivery::Evidence>;
  const std::string text = "TP12 naik ke tempat tinggi";
  static const auto channel =
      channels::mastodon::http_channel(plan::EndpointName("m"), {"https://s.example", "token-12345678", "public"});
  static const auto attempt = channels::attempt_of(text);
  if (size < 2) return 0;
  const int status = 100 + (data[0] << 8 | data[1]) % 500;
  const std::string body(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto answer = channels::answered(status, body, {{"X-RateLimit-Reset", body.substr(0, 40)}});
  const auto step = channel->step(attempt, &answer, channels::noon());
  const auto& outcome = std::get<delivery::Outcome>(step);
  const auto why = delivery::why(outcome);
  if (why.size() > 300 || !base::valid_utf8(why)) std::abort();
  if (std::holds_alternative<delivery::Accepted>(outcome) && status / 100 != 2) std::abort();
  const auto ask = channel->ask(attempt, &answer, channels::noon());
  if (const auto* proof = std::get_if<Proof>(&ask);
      proof != nullptr && *proof && body.find("TP12") == std::string::npos && body.find('\\') == std::string::npos &&
      body.find('&') == std::string::npos && body.find('<') == std::string::npos)
    std::abort();
  channels::mastodon::text_of_html(body);
  return 0;
}
