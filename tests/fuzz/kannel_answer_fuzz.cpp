// Whatever a gateway answers or a stranger sends to its hook: one honest outcome, no evidence without the token.
#include <cstdlib>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/unicode.hpp"
#include "channels/sms/kannel.hpp"
#include "tests/channels/attempts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster;
  base::init_crypto();
  static const auto channel = channels::sms::http_channel(
      plan::EndpointName("sms"), {"http://127.0.0.1:1", "u", "password-1", "s", "", "http://127.0.0.1:2/hooks/"});
  static const auto attempt = channels::attempt_of("x", "+99955500001");
  if (size < 2) return 0;
  const int status = 100 + (data[0] << 8 | data[1]) % 500;
  const std::string body(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto answer = channels::answered(status, body, {{"Retry-After", body.substr(0, 40)}});
  const auto step = channel->step(attempt, &answer, channels::noon());
  const auto& outcome = std::get<delivery::Outcome>(step);
  const auto why = delivery::why(outcome);
  if (why.size() > 300 || !base::valid_utf8(why)) std::abort();
  if (std::holds_alternative<delivery::Accepted>(outcome) && status != 202) std::abort();
  net::ServerRequest receipt;
  receipt.query = body;
  if (!channel->receive(receipt, channels::noon()).evidence.empty()) std::abort();
  return 0;
}
