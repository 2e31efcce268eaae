#include "broadcaster/base/time_zone.hpp"

#include <unicode/timezone.h>

#include <memory>

namespace broadcaster::base {

bool known_time_zone(const std::string& name) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  // The zone of a name that it does not know behaves as GMT.
  return zone && *zone != icu::TimeZone::getUnknown();
}

}  // namespace broadcaster::base
