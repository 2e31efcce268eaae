// A map may come from any drawing program: reading gives zones that are whole, or errors with the path.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broadcaster/alert/zones.hpp"

namespace alert = broadcaster::alert;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto zones = alert::parse_zones(std::string(reinterpret_cast<const char*>(data), size), "f.geojson");
  if (!zones) {
    if (zones.error().empty()) std::abort();
    return 0;
  }
  if (zones->all().empty()) std::abort();
  for (const auto& zone : zones->all()) {
    if (zone.id.value.empty() || zone.polygons.empty() || zones->find(zone.id) != &zone) std::abort();
    for (const auto& polygon : zone.polygons)
      if (polygon.size() < 4 || polygon.front() != polygon.back()) std::abort();
  }
  return 0;
}
