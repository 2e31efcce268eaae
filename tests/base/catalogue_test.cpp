#include "broadcaster/base/catalogue.hpp"

#include <gtest/gtest.h>

namespace broadcaster::base {
namespace {

TEST(Catalogue, SaysAnErrorWithItsPlace) {
  const Error error{.kind = ErrorKind::bad_input,
                    .text = {"base.expected_found", {{"expected", Key{"base.expected_whole"}}, {"found", "\"lots\""}}},
                    .place = Place{"file", 2, 10},
                    .key = "retries"};
  EXPECT_EQ(Catalogue::of("en").say(error), "file:2:10: retries: expected a whole number, found \"lots\"");
  EXPECT_EQ(Catalogue::of("id-ID").say(error), "file:2:10: retries: seharusnya bilangan bulat, ternyata \"lots\"");
}

TEST(Catalogue, NamesWhatIsMissing) {
  EXPECT_EQ(Catalogue::of("en").say(Text{"base.nobody", {}}), "<<base.nobody>>");
  EXPECT_EQ(Catalogue::of("en").say(Text{"base.given_twice", {}}), "given twice; first in line <<line>>");
}

TEST(Catalogue, OtherLanguagesGiveEnglish) { EXPECT_EQ(Catalogue::of("fr").language(), "en"); }

}  // namespace
}  // namespace broadcaster::base
