// An alert file may hold anything: reading gives an alert or errors with a place, never half of both. What reads well
// is written and read again, and is the same alert.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/alert/alert_yaml.hpp"

namespace alert = broadcaster::alert;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const alert::ReadContext context{.now = broadcaster::base::WallTime(std::chrono::seconds(1'800'000'000)),
                                   .zones = nullptr};
  const auto read = alert::parse_alert(text, "f.yaml", context);
  if (!read) {
    if (read.error().empty()) std::abort();
    for (const auto& error : read.error())
      if (!error.place || error.place->file != "f.yaml") std::abort();
    return 0;
  }
  const auto again = alert::parse_alert(alert::write_alert(*read), "g.yaml", context);
  if (!again || *again != *read) std::abort();
  return 0;
}
