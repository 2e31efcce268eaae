#include "broadcaster/plan/measure/measure.hpp"

#include "broadcaster/plan/measure/mastodon.hpp"
#include "broadcaster/plan/measure/sms.hpp"

namespace broadcaster::plan {
namespace {

constexpr int words_a_minute = 100;

Length measure_sms(std::string_view text, int limit) {
  const auto count = count_sms(text);
  return {.unit = count.encoding == SmsEncoding::gsm7 ? "gsm7" : "ucs2",
          .used = count.units,
          .limit = sms_capacity(count.encoding, limit),
          .segments = count.segments};
}

int seconds_to_say(std::string_view text) {
  int words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space && !inside) ++words;
    inside = !space;
  }
  return (words * 60 + words_a_minute - 1) / words_a_minute;
}

}  // namespace

Length measure(Measure measure, std::string_view text, int limit) {
  switch (measure) {
    case Measure::sms_segments:
      return measure_sms(text, limit);
    case Measure::mastodon_characters:
      return {.unit = "graphemes", .used = count_mastodon(text), .limit = limit, .segments = 1};
    case Measure::utf8_bytes:
      return {.unit = "bytes", .used = static_cast<int>(text.size()), .limit = limit, .segments = 1};
    case Measure::siren_seconds:
      return {.unit = "seconds", .used = seconds_to_say(text), .limit = limit, .segments = 1};
  }
  return {};
}

bool fits(Measure measure, const Length& length, int limit) {
  // Escapes that may not be cut can push a text that would fit by its sum into one more segment.
  return measure == Measure::sms_segments ? length.segments <= limit : length.used <= limit;
}

}  // namespace broadcaster::plan
