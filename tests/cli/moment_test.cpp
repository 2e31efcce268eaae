#include "broadcaster/cli/moment.hpp"

#include <gtest/gtest.h>

namespace broadcaster::cli {
namespace {

using namespace std::chrono_literals;

// 02:10 on a clock in Jakarta.
constexpr base::WallTime night = std::chrono::sys_days{2026y / 11 / 23} + 19h + 10min;
constexpr auto jakarta = "Asia/Jakarta";

TEST(Moment, AClockTimeIsTheNextOneOnTheAgencysClock) {
  EXPECT_EQ(read_moment("02:35", night, jakarta), night + 25min);
  EXPECT_EQ(read_moment("02.35", night, jakarta), night + 25min);
  EXPECT_EQ(read_moment("2:35", night, jakarta), night + 25min);
}

TEST(Moment, ATimeThatHasPassedIsTomorrows) {
  EXPECT_EQ(read_moment("02:10", night, jakarta), night + 24h);
  EXPECT_EQ(read_moment("01:10", night, jakarta), night + 23h);
}

TEST(Moment, TheAgencysDayIsNotThatOfUtc) { EXPECT_EQ(read_moment("00:00", night, jakarta), night + 21h + 50min); }

TEST(Moment, MinutesAndWhilesCountFromNow) {
  EXPECT_EQ(read_moment("20", night, jakarta), night + 20min);
  EXPECT_EQ(read_moment("3h", night, jakarta), night + 3h);
  EXPECT_EQ(read_moment("90m", night, jakarta), night + 90min);
}

TEST(Moment, MinutesAndHoursMayBeSaidAsPeopleSayThem) {
  for (const auto* text : {"25 menit", "25menit", "25 mnt", "25 MENIT", "25 minutes", "25 min"})
    EXPECT_EQ(read_moment(text, night, jakarta), night + 25min) << text;
  for (const auto* text : {"1 jam", "1jam", "1 hour", "1 hours"})
    EXPECT_EQ(read_moment(text, night, jakarta), night + 1h) << text;
}

TEST(Moment, NothingElseIsATime) {
  for (const auto* text : {"", "soon", "24:00", "02:60", "2:5", "0", "-5", "1.5h", "02:35:00", "20 minuten", "jam",
                           "5 jam lagi", "-5 menit", "9999999", "99999999999 menit"})
    EXPECT_EQ(read_moment(text, night, jakarta), std::nullopt) << text;
}

TEST(Moment, MoreThanTwoDaysAheadIsAMistake) {
  EXPECT_TRUE(read_moment("48h", night, jakarta));
  EXPECT_FALSE(read_moment("49h", night, jakarta));
}

}  // namespace
}  // namespace broadcaster::cli
