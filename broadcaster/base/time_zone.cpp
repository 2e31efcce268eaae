#include "broadcaster/base/time_zone.hpp"

#include <unicode/timezone.h>

#include <memory>

namespace broadcaster::base {

bool known_time_zone(const std::string& name) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  // A name that ICU does not know gives a zone that behaves as GMT and is called Etc/Unknown.
  icu::UnicodeString id;
  return zone && zone->getID(id) != UNICODE_STRING_SIMPLE("Etc/Unknown");
}

}  // namespace broadcaster::base
