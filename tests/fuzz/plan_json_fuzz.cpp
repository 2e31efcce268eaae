// Whatever claims to be a plan: an error with a place, or a plan whose canonical bytes are exactly those that were
// read.
#include <cstdint>
#include <cstdlib>

#include "broadcaster/plan/plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto plan = broadcaster::plan::parse_plan(text, "plan.json");
  if (!plan) {
    if (plan.error().text.id.empty()) std::abort();
    return 0;
  }
  if (broadcaster::plan::canonical(*plan) != text) std::abort();
  return 0;
}
