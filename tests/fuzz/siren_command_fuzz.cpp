// Whatever bytes stand in a command: it is refused, or it reads back as it is written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "channels/siren/protocol/command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace broadcaster::channels::siren;
  const auto command = read_command({reinterpret_cast<const char*>(data), size});
  if (!command) return 0;
  const auto again = read_command(write(*command));
  if (!again || !(*again == *command)) std::abort();
  return 0;
}
