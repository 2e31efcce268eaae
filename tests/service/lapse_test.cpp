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
          .severity = alert::Severity::extreme,
          .type = alert::MessageType::alert,
          .waiting = InForce::Waiting::no,
          .expires = four_o_clock,
          .followed = InForce::Followed::no};
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

TEST(Lapse, IsOverWhenSomethingFollowsIt) {
  auto alert = evacuation();
  alert.followed = InForce::Followed::yes;
  EXPECT_EQ(lapse_stage(alert, four_o_clock - minutes(1)), std::nullopt);
  EXPECT_EQ(lapse_stage(alert, four_o_clock + minutes(1)), std::nullopt);
}

TEST(Lapse, OnlyWhatTellsPeopleThatTheyAreInDanger) {
  auto alert = evacuation();
  alert.urgency = alert::Urgency::expected;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), LapseStage::lapsed) << "a distant tsunami";
  alert.severity = alert::Severity::moderate;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), std::nullopt);
  alert.severity = alert::Severity::extreme;
  alert.urgency = alert::Urgency::future;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), std::nullopt);
  alert = evacuation();
  alert.type = alert::MessageType::cancel;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), std::nullopt);
  alert.type = alert::MessageType::update;
  EXPECT_EQ(lapse_stage(alert, four_o_clock), LapseStage::lapsed);
}

TEST(Lapse, AnAllClearThatToldZonesToWaitLeavesThemWaiting) {
  auto all_clear = evacuation();
  all_clear.type = alert::MessageType::update;
  all_clear.urgency = alert::Urgency::past;
  EXPECT_EQ(lapse_stage(all_clear, four_o_clock), std::nullopt) << "everybody may return";
  all_clear.waiting = InForce::Waiting::yes;
  EXPECT_EQ(lapse_stage(all_clear, four_o_clock - minutes(9)), LapseStage::ten_minutes);
}

TEST(Lapse, IsNotShownForEver) {
  EXPECT_EQ(lapse_stage(evacuation(), four_o_clock + std::chrono::hours(23)), LapseStage::lapsed);
  EXPECT_EQ(lapse_stage(evacuation(), four_o_clock + std::chrono::hours(24)), std::nullopt);
}

}  // namespace
}  // namespace broadcaster::service
