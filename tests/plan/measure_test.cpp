#include "broadcaster/plan/measure/measure.hpp"

#include <gtest/gtest.h>

#include "broadcaster/plan/measure/mastodon.hpp"
#include "broadcaster/plan/measure/sms.hpp"

namespace broadcaster::plan {
namespace {

std::string times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

struct SmsCase {
  std::string text;
  SmsEncoding encoding;
  int units;
  int segments;
};

// 3GPP TS 23.038 and 23.040: a single message and where it breaks into parts.
TEST(Sms, CountsPartsExactly) {
  const SmsCase cases[] = {
      {"", SmsEncoding::gsm7, 0, 1},
      {times(160, "a"), SmsEncoding::gsm7, 160, 1},
      {times(161, "a"), SmsEncoding::gsm7, 161, 2},
      {times(159, "a") + "€", SmsEncoding::gsm7, 161, 2},
      {times(152, "a") + "€" + times(152, "a"), SmsEncoding::gsm7, 306, 3},
      {times(152, "a") + "€" + times(151, "a"), SmsEncoding::gsm7, 305, 2},
      {times(306, "a"), SmsEncoding::gsm7, 306, 2},
      {times(307, "a"), SmsEncoding::gsm7, 307, 3},
      {times(70, "é"), SmsEncoding::gsm7, 70, 1},
      {times(70, "ê"), SmsEncoding::ucs2, 70, 1},
      {times(71, "ê"), SmsEncoding::ucs2, 71, 2},
      {times(35, "😷"), SmsEncoding::ucs2, 70, 1},
      // The pair would fall on units 67 and 68.
      {times(66, "ê") + "😷" + times(66, "ê"), SmsEncoding::ucs2, 134, 3},
      {times(65, "ê") + "😷" + times(67, "ê"), SmsEncoding::ucs2, 134, 2},
  };
  for (const auto& test : cases) {
    const auto count = count_sms(test.text);
    EXPECT_EQ(count.encoding, test.encoding) << test.text;
    EXPECT_EQ(count.units, test.units) << test.text;
    EXPECT_EQ(count.segments, test.segments) << test.text;
  }
}

TEST(Sms, EveryCharacterOfTheAlphabetIsCarried) {
  const auto count = count_sms("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà");
  EXPECT_EQ(count.encoding, SmsEncoding::gsm7);
  EXPECT_EQ(count_sms("\f^{}\\[~]|€").units, 20);
}

TEST(Sms, NamesTheCharactersThatForceUcs2) {
  EXPECT_EQ(count_sms("l’eau – ’").forced_ucs2, (std::vector<std::string>{"’", "–"}));
  for (const auto* text : {"`", "ç", "ê", "á", "í", "ó", "ú", "“", "—", "…", "•", "\t", "\u00a0"})
    EXPECT_EQ(count_sms(text).encoding, SmsEncoding::ucs2) << text;
}

TEST(Mastodon, CountsWhatAReaderCountsAndLinksAs23) {
  EXPECT_EQ(count_mastodon("abc"), 3);
  EXPECT_EQ(count_mastodon("e\u0301"), 1);
  EXPECT_EQ(count_mastodon("👨‍👩‍👧‍👦"), 1);
  EXPECT_EQ(count_mastodon("🇵🇱🇵🇱"), 2);
  EXPECT_EQ(count_mastodon("https://a.id"), 23);
  EXPECT_EQ(count_mastodon("Info: https://bpbd.tirtapura.example/tsunami/peta/2026?x=1."), 6 + 23 + 1);
  EXPECT_EQ(count_mastodon("bpbd.tirtapura.example/tsunami"), 30) << "without a scheme every character counts";
  EXPECT_EQ(count_mastodon("@bmkg@sosial.example.org halo"), 5 + 5);
  EXPECT_EQ(count_mastodon("surat@bmkg.example"), 18);
}

TEST(Measure, FitsBySegmentsNotBySum) {
  const auto text = times(152, "a") + "€" + times(152, "a");  // 306 septets would be two parts
  const auto length = measure(Measure::sms_segments, text, 2);
  EXPECT_EQ(length.used, length.limit);
  EXPECT_FALSE(fits(Measure::sms_segments, length, 2));
  EXPECT_TRUE(fits(Measure::sms_segments, measure(Measure::sms_segments, text, 3), 3));
}

TEST(Measure, HasAUnitForEveryPlatform) {
  EXPECT_EQ(measure(Measure::sms_segments, "é", 1).unit, "gsm7");
  EXPECT_EQ(measure(Measure::sms_segments, "ê", 1).limit, 70);
  EXPECT_EQ(measure(Measure::mastodon_characters, "é", 500).used, 1);
  EXPECT_EQ(measure(Measure::utf8_bytes, "é", 500).used, 2);
  EXPECT_EQ(measure(Measure::siren_seconds, "Keadaan aman.\nKeadaan aman. Pulang", 25).used, 3);
}

}  // namespace
}  // namespace broadcaster::plan
