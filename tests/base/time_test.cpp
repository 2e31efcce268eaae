#include "broadcaster/base/time.hpp"

#include <gtest/gtest.h>

#include <set>

#include "broadcaster/base/time_zone.hpp"

namespace broadcaster::base {
namespace {

using namespace std::chrono_literals;

WallTime wall(const std::string& text) { return parse_utc(text).value(); }

TEST(Time, CapTimesAreWrittenInUtcWithoutZ) {
  EXPECT_EQ(format_cap_time(wall("2026-11-24T02:15:00.000Z")), "2026-11-24T02:15:00-00:00");
  EXPECT_EQ(format_cap_time(WallTime(-1ms)), "1969-12-31T23:59:59-00:00");  // rounded down, also before 1970
}

TEST(Time, ZonesAreKnownByTheirNames) {
  for (const auto* known : {"Asia/Jakarta", "Asia/Jayapura", "UTC"}) EXPECT_TRUE(known_time_zone(known)) << known;
  for (const auto* unknown : {"", "Asia/Jakrta", "WIB", "Etc/Unknown"})
    EXPECT_FALSE(known_time_zone(unknown)) << unknown;
}

TEST(Time, CapTimesAreReadWithAnyOffset) {
  for (const auto* same : {"2026-11-24T09:15:00+07:00", "2026-11-24T02:15:00-00:00", "2026-11-24T02:15:00+00:00",
                           "2026-11-23T16:45:00-09:30", "2026-11-24T16:15:00+14:00"}) {
    const auto read = parse_cap_time(same);
    ASSERT_TRUE(read) << same;
    EXPECT_EQ(*read, wall("2026-11-24T02:15:00.000Z")) << same;
  }
  EXPECT_EQ(parse_cap_time("2028-02-29T00:00:00-00:00").value(), wall("2028-02-29T00:00:00.000Z"));
}

TEST(Time, CapTimesRefuseWhatTheSchemaRefuses) {
  for (const auto* bad : {"",
                          "2026-11-24",
                          "2026-11-24T02:15:00",
                          "2026-11-24T02:15:00Z",
                          "2026-11-24T02:15:00.5+07:00",
                          "2026-11-24 02:15:00+07:00",
                          "2026-11-24T02:15:00+0700",
                          "2026-11-24T02:15:00+7:00",
                          "2026-11-24T02:15:00+15:00",
                          "2026-11-24T02:15:00+07:60",
                          "2026-11-24T02:15:00+07:00 ",
                          "2026-02-29T02:15:00+07:00",
                          "2026-13-01T02:15:00+07:00",
                          "2026-00-01T02:15:00+07:00",
                          "2026-11-31T02:15:00+07:00",
                          "2026-11-24T24:00:00+07:00",
                          "2026-11-24T02:60:00+07:00",
                          "2026-11-24T02:15:60+07:00",
                          "2026-11-24T02:15:-1+07:00",
                          "+026-11-24T02:15:00+07:00"}) {
    const auto read = parse_cap_time(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().text, (Text{"base.bad_time", {{"found", bad}}}));
  }
}

TEST(Time, UtcGoesThereAndBack) {
  for (const auto* text : {"2026-11-24T02:15:00.123Z", "1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z",
                           "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"})
    EXPECT_EQ(format_utc(wall(text)), text);
  for (const auto* bad : {"2026-11-24T02:15:00Z", "2026-11-24T02:15:00.12Z", "2026-11-24T02:15:00.1234Z",
                          "2026-11-24T02:15:00.123", "2026-11-24T02:15:00.123Zx", "2026-11-24T02:15:00.123+00:00"})
    EXPECT_FALSE(parse_utc(bad)) << bad;
}

TEST(Time, TheSystemsMonotonicClockDoesNotGoBack) {
  const SystemClock clock;
  const auto first = clock.now();
  const auto second = clock.now();
  EXPECT_GE(second.mono, first.mono);
  EXPECT_GE(first.mono.time_since_epoch(), 0ms);
  EXPECT_GT(first.wall, wall("2020-01-01T00:00:00.000Z"));
}

TEST(Random, StaysBelowItsBoundAndReachesAllOfIt) {
  SystemRandom random;
  EXPECT_EQ(random.below(1), 0u);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(6));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  const auto bound = (std::uint64_t{1} << 63) + 1;
  bool wide = false;
  for (int i = 0; i < 100; ++i) {
    const auto value = random.below(bound);
    ASSERT_LT(value, bound);
    wide = wide || value > 0xffffffffu;
  }
  EXPECT_TRUE(wide);
}

}  // namespace
}  // namespace broadcaster::base
