// The canonical form is a fixed point: read, written, read again and written again, it is the same bytes. A signature
// over it would otherwise depend on who wrote last.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>

#include "broadcaster/base/canonical_json.hpp"
#include "broadcaster/base/unicode.hpp"

namespace base = broadcaster::base;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto value = base::parse_json(text, "f.json");
  if (!value) {
    if (!value.error().place || value.error().place->line < 1) std::abort();
    return 0;
  }
  std::string canonical;
  try {
    canonical = base::canonical_json(*value);
  } catch (const std::logic_error&) {
    return 0;  // a number that is not whole, or too large: nothing to sign
  }
  const auto again = base::parse_json(canonical, "f.json");
  if (!again || base::canonical_json(*again) != canonical || !base::valid_utf8(canonical)) std::abort();
  return 0;
}
