#include "broadcaster/approval/confirm.hpp"

#include <gtest/gtest.h>

#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

plan::Plan four_zones(alert::Mode mode) {
  auto out = sample_plan(mode);
  out.zones.resize(4, out.zones[0]);
  return out;
}

TEST(Confirm, LiveIsModeHazardAndNumberOfZones) {
  const auto plan = four_zones(alert::Mode::live);
  EXPECT_EQ(expected_confirmation(plan), "LIVE tsunami 4");
  for (const char* typed : {"LIVE tsunami 4", "live Tsunami 4", "  Live  TSUNAMI\t4 \n"})
    EXPECT_TRUE(matches(typed, plan)) << typed;
  for (const char* typed : {"", "yes", "y", "LIVE", "LIVE tsunami", "LIVE tsunami 3", "LIVE tsunami 44", "LIVE flood 4",
                            "DRILL tsunami 4", "LIVEtsunami4", "LIVE tsunami 4 now", "tsunami 4 LIVE"})
    EXPECT_FALSE(matches(typed, plan)) << typed;
}

TEST(Confirm, ADrillAsksForNothingAndIsNotReleasedAsLive) {
  const auto plan = four_zones(alert::Mode::drill);
  EXPECT_EQ(expected_confirmation(plan), "");
  for (const char* typed : {"", " ", "DRILL", "drill", "drill tsunami 4"}) EXPECT_TRUE(matches(typed, plan)) << typed;
  for (const char* typed : {"LIVE tsunami 4", "LIVE", "DRILL tsunami 3", "ya"})
    EXPECT_FALSE(matches(typed, plan)) << typed;
}

TEST(Confirm, EveryWarningIsAcceptedByItsName) {
  auto plan = four_zones(alert::Mode::live);
  plan.findings.clear();
  plan.blocked.clear();
  plan.false_alarm.reset();
  EXPECT_TRUE(to_accept(plan).empty());
  EXPECT_TRUE(accepts("", plan));
  plan.findings = {{"ucs2", {}, {}, {}, {}}, {"not_alerted", {}, {}, {}, {}}, {"ucs2", {}, {}, {}, {}}};
  auto calming = plan;
  calming.findings = {{"dropped", {}, {}, {}, {}}};
  calming.blocked.resize(1);
  plan.false_alarm = std::make_shared<const plan::Plan>(calming);
  EXPECT_EQ(to_accept(plan), (std::vector<std::string>{"blocked", "dropped", "not_alerted", "ucs2"}));
  for (const char* typed : {"blocked, dropped, not_alerted, ucs2", "ucs2 NOT_ALERTED dropped blocked"})
    EXPECT_TRUE(accepts(typed, plan)) << typed;
  for (const char* typed : {"", "yes", "ucs2", "blocked dropped not_alerted ucs2 more"})
    EXPECT_FALSE(accepts(typed, plan)) << typed;
}

}  // namespace
}  // namespace broadcaster::approval
