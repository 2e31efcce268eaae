#include "broadcaster/base/unicode.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace broadcaster::base {
namespace {

TEST(Unicode, ThreeWaysToCount) {
  const struct {
    const char* what;
    std::string text;
    std::size_t graphemes, utf16, bytes;
  } cases[] = {
      {"nothing", "", 0, 0, 0},
      {"letters", "abc", 3, 3, 3},
      {"e and an acute accent", "e\u0301", 1, 2, 3},
      {"a Han character", "故", 1, 1, 3},
      {"the typographic apostrophe", "\u2019", 1, 1, 3},
      {"an emoji", "😷", 1, 2, 4},
      {"a family of four, joined", "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466", 1, 11, 25},
      {"a skin colour", "\U0001F64B\U0001F3FD", 1, 4, 8},
      {"a keycap", "1\uFE0F\u20E3", 1, 3, 7},
      {"a flag", "\U0001F1F5\U0001F1F1", 1, 4, 8},
      {"two flags", "\U0001F1F5\U0001F1F1\U0001F1EE\U0001F1E9", 2, 8, 16},
      {"a line break of Windows", "\r\n", 1, 2, 2},
      {"a URL", "https://example.org/abcdefghijklmnopqrst", 40, 40, 40},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(graphemes(c.text), c.graphemes) << c.what;
    EXPECT_EQ(utf16_units(c.text), c.utf16) << c.what;
    EXPECT_EQ(c.text.size(), c.bytes) << c.what;
  }
}

TEST(Unicode, ValidityIsThatOfRfc3629) {
  for (const auto* good : {"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(good)) << good;
  EXPECT_TRUE(valid_utf8(std::string_view("\0", 1)));
  for (const auto* bad : {"\x80", "\xff", "\xfe", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x9f\xbf", "\xe2\x82",
                          "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "a\x80", "\xe2\x82\xe2"})
    EXPECT_FALSE(valid_utf8(bad)) << bad;
}

TEST(Unicode, PointsAtTheFirstByteThatIsWrong) {
  EXPECT_EQ(valid_utf8_prefix("aé\xff"
                              "b"),
            3u);
  EXPECT_EQ(valid_utf8_prefix("aé\xe2\x82"), 3u);
  EXPECT_EQ(valid_utf8_prefix("aé"), 3u);
}

TEST(Unicode, NormalFormC) {
  EXPECT_EQ(nfc("plain"), "plain");
  EXPECT_EQ(nfc("e\u0301"), "\u00e9");
  EXPECT_EQ(nfc("\u212b"), "\u00c5");              // Ångström sign
  EXPECT_EQ(nfc("\ufb2c"), "\u05e9\u05bc\u05c1");  // excluded from composition: it comes apart
  EXPECT_EQ(nfc("a\u0323\u0307"), nfc("a\u0307\u0323"));
  EXPECT_EQ(nfc(nfc("\u1e9b\u0323")), nfc("\u1e9b\u0323"));
  EXPECT_THROW(nfc("\xff"), std::logic_error);
}

TEST(Unicode, CountsLettersOfBothCasesAndNoneOfAScriptThatHasNone) {
  EXPECT_EQ(letter_cases("Ab é Я1").capital, 2u);
  EXPECT_EQ(letter_cases("Ab é Я1").small, 2u);
  EXPECT_EQ(letter_cases("تسونامي सुनामी 津波").capital + letter_cases("تسونامي सुनामी").small, 0u);
}

TEST(Unicode, OnlyWhatIsWrittenFromTheRightIsIsolated) {
  EXPECT_EQ(isolated("TSUNAMI सुनामी"), "TSUNAMI सुनामी");
  EXPECT_EQ(isolated("TP12 تسونامي"), "\u2068TP12 تسونامي\u2069");
}

TEST(Unicode, AScreenShowsWhatWouldHideTheRest) {
  EXPECT_EQ(shown_plainly("a\x1b[8mb\xe2\x80\xae\n\tc"), "a\xef\xbf\xbd[8mb\xef\xbf\xbd\n\tc");
  EXPECT_EQ(shown_plainly(isolated("تسونامي")), isolated("تسونامي")) << "our own isolates stay";
  EXPECT_EQ(shown_plainly("\x9b"), "\xef\xbf\xbd") << "nor a lone byte, for a terminal that takes it";
  EXPECT_EQ(without_hidden_characters("a\x1b\xe2\x81\xa6\xc2\x85 b"), "a b");
}

}  // namespace
}  // namespace broadcaster::base
