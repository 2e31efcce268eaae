// Whatever a siren says: it is refused, or it is what it says after writing it again. Topics too: they come from
// others.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "channels/siren/protocol/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster::channels::siren;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto ack = read_ack(text, "siren-01"); ack && read_ack(write(*ack), "siren-01") != ack) std::abort();
  (void)read_state(text, "siren-01");
  (void)read_online(text);
  (void)read_event(text, "siren-01");
  (void)parse_siren_topic("tirtapura", text);
  (void)parse_command_topic("tirtapura", text);
  return 0;
}
