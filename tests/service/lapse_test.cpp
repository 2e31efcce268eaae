// R45 (a): nothing ends in silence.
#include "broadcaster/service/lapse.hpp"

#include <gtest/gtest.h>

namespace broadcaster::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr base::WallTime four_o_clock{std::chrono::milliseconds(1'795'500'000'000)};

InForce evacuation() {
  return {.code = "TP12",
          .urgency = alert::Urgency::immediate,
          .type = alert::MessageType::alert,
          .expires = four_o_clock,
          .stopped_at = {}};
}

TEST(Lapse, SaysItThirtyTenAndTwoMinutesBeforeAndWhenItHasHappened) {
  const auto alert = evacuation();
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(30) - seconds(1)), std::nullopt);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(30)), LapseStage::thirty_minutes);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(10) - seconds(1)), LapseStage::thirty_minutes);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(10)), LapseStage::ten_minutes);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(2)), LapseStage::two_minutes);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - seconds(1)), LapseStage::two_minutes);
  EXPECT_EQ(lapse_stage(alert, four_o_clock), LapseStage::lapsed);
}

TEST(Lapse, IsOverWhenSomebodyStopsItOrFollowsItUp) {
  auto alert = evacuation();
  alert.stopped_at = four_o_clock - minutes(5);
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(1)), std::nullopt);
  EXPECT_EQ(lapse_stage(alert, four_o_clock + minutes(1)), std::nullopt);
}

TEST(Lapse, OnlyWhatTellsPeopleThatTheyAreInDanger) {
  auto alert = evacuation();
  alert.urgency = alert::Urgency::expected;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), std::nullopt);
  alert = evacuation();
  alert.type = alert::MessageType::cancel;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), std::nullopt);
  alert.type = alert::MessageType::update;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), LapseStage::lapsed);
}

TEST(Lapse, IsNotShownForEver) {
  EXPECT_EQ(lapse_stage(evacuation(), four_o_clock + std::chrono::hours(23)), LapseStage::lapsed);
  EXPECT_EQ(lapse_stage(evacuation(), four_o_clock + std::chrono::hours(24)), std::nullopt);
}

}  // namespace
}  // namespace broadcaster::service
