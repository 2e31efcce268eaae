#include "broadcaster/plan/local_time.hpp"

#include <unicode/dtptngen.h>
#include <unicode/listformatter.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <memory>
#include <stdexcept>

namespace broadcaster::plan {
namespace {

void must(UErrorCode status, const char* what) {
  if (U_FAILURE(status)) throw std::runtime_error(std::string(what) + ": " + u_errorName(status));
}

icu::UnicodeString wide(const std::string& text) { return icu::UnicodeString::fromUTF8(text); }

std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

/// Digits as on every phone's clock, in every language: the time of issue, filled at release, has no others.
icu::Locale locale(const alert::Language& language) {
  UErrorCode ignored = U_ZERO_ERROR;
  auto out = icu::Locale::createFromName(language.value.c_str());
  out.setKeywordValue("numbers", "latn", ignored);
  return out;
}

std::string format(base::WallTime time, const std::string& iana, const icu::Locale& where,
                   const icu::UnicodeString& pattern) {
  UErrorCode status = U_ZERO_ERROR;
  icu::SimpleDateFormat format(pattern, where, status);
  must(status, "time pattern");
  format.adoptTimeZone(icu::TimeZone::createTimeZone(wide(iana)));
  icu::UnicodeString out;
  format.format(static_cast<UDate>(time.time_since_epoch().count()), out);
  return narrow(out);
}

}  // namespace

std::chrono::minutes utc_offset(const std::string& iana, base::WallTime at) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(wide(iana)));
  UErrorCode status = U_ZERO_ERROR;
  std::int32_t raw = 0, saving = 0;
  zone->getOffset(static_cast<UDate>(at.time_since_epoch().count()), false, raw, saving, status);
  must(status, "time zone");
  return std::chrono::duration_cast<std::chrono::minutes>(std::chrono::milliseconds(raw + saving));
}

std::string local_time(base::WallTime time, base::WallTime now, const std::string& iana,
                       const alert::Language& language, const std::string& clock) {
  const auto where = locale(language);
  const auto at = format(time, iana, where, wide(clock));
  if (time - now <= std::chrono::hours(12)) return at;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::DateTimePatternGenerator> generator(
      icu::DateTimePatternGenerator::createInstance(where, status));
  must(status, "date patterns");
  const auto day = generator->getBestPattern(u"dMMMM", status);
  must(status, "date pattern");
  return format(time, iana, where, day) + " " + at;
}

std::string local_text(const std::string& iana, const std::string& zone_name, base::WallTime time) {
  return format(time, iana, icu::Locale::getRoot(), u"yyyy-MM-dd HH.mm") + " " + zone_name;
}

std::string join_names(const std::vector<std::string>& names, const alert::Language& language) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::ListFormatter> formatter(icu::ListFormatter::createInstance(locale(language), status));
  must(status, "list format");
  std::vector<icu::UnicodeString> items;
  for (const auto& name : names) items.push_back(wide(name));
  icu::UnicodeString out;
  formatter->format(items.data(), static_cast<std::int32_t>(items.size()), out, status);
  must(status, "list format");
  return narrow(out);
}

}  // namespace broadcaster::plan
