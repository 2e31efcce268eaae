// Whatever a server writes into the headers that say "later": a wait between nothing and an hour, or none.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "channels/http/http_channel.hpp"
#include "tests/channels/attempts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster;
  constexpr std::array names = {"Retry-After", "RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"};
  const std::string value(reinterpret_cast<const char*>(data), size);
  for (const auto* name : names) {
    const net::HttpAnswer answer{.status = 429, .headers = {{name, value}}, .body = {}};
    const auto wait = channels::retry_after(answer, channels::noon());
    if (wait && (wait->count() < 0 || *wait > std::chrono::hours(1))) std::abort();
  }
  // Two of them: the first that can be read counts.
  const auto middle = value.find(';');
  if (middle == std::string::npos) return 0;
  const net::HttpAnswer both{.status = 503,
                             .headers = {{names[0], value.substr(0, middle)}, {names[2], value.substr(middle + 1)}},
                             .body = {}};
  const auto wait = channels::retry_after(both, channels::noon());
  if (wait && (wait->count() < 0 || *wait > std::chrono::hours(1))) std::abort();
  return 0;
}
