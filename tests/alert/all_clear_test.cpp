// What makes an alert an all-clear, and what refuses one.
#include "broadcaster/alert/all_clear.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/lint.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;

Alert over() {
  auto alert = testing::parse(testing::order()).value();
  alert.type = MessageType::update;
  alert.references = {{"bpbd.example", "TP12-1", "2026-11-24T02:15:00-00:00"}};
  alert.confirmation = "BMKG 06.31 WIB";
  for (auto& order : alert.zones) order.ending = Ending::may_return;
  for (auto& info : alert.infos) info.responses = {ResponseType::all_clear};
  return alert;
}

Lines rules(const Alert& alert) {
  Lines out;
  for (const auto& fault : all_clear_faults(alert)) out.push_back(fault.rule + " " + fault.element);
  return out;
}

TEST(AllClear, IsAnUpdateWithAConfirmationAndAnAnswerForEveryZone) {
  EXPECT_TRUE(is_all_clear(over()));
  EXPECT_FALSE(has_waiting_zones(over()));
  EXPECT_EQ(rules(over()), Lines{});
  auto waiting = over();
  waiting.zones.back().ending = Ending::not_yet;
  EXPECT_TRUE(has_waiting_zones(waiting));
  EXPECT_EQ(rules(waiting), Lines{});
}

TEST(AllClear, WithoutAConfirmationIsRefused) {
  for (const auto* nothing : {"", "   ", "\n\t"}) {
    auto alert = over();
    alert.confirmation = nothing;
    EXPECT_EQ(rules(alert), Lines{"all_clear_confirmation confirmation"});
  }
  auto alert = over();
  alert.confirmation = std::string(longest_confirmation + 1, 'x');
  EXPECT_EQ(rules(alert), Lines{"all_clear_confirmation_long confirmation"});
}

TEST(AllClear, NoZoneIsLeftWithoutAnAnswer) {
  auto alert = over();
  alert.zones.back().ending.reset();
  EXPECT_EQ(rules(alert), Lines{"all_clear_zone zones[1]"});
}

TEST(AllClear, IsNoAlertAndNoCancel) {
  for (const auto type : {MessageType::alert, MessageType::cancel}) {
    auto alert = over();
    alert.type = type;
    EXPECT_EQ(rules(alert), Lines{"all_clear_type msgType"});
  }
}

// A bulletin that says AllClear becomes a draft, and a draft of an order never lets anybody return.
TEST(AllClear, NothingElseTellsPeopleToReturn) {
  auto alert = over();
  alert.confirmation.clear();
  for (auto& order : alert.zones) order.ending.reset();
  EXPECT_FALSE(is_all_clear(alert));
  EXPECT_EQ(rules(alert),
            (Lines{"all_clear_unconfirmed info[0].responseType", "all_clear_unconfirmed info[1].responseType"}));
  alert.type = MessageType::alert;
  EXPECT_EQ(rules(alert).size(), 2u);
  alert.type = MessageType::cancel;
  EXPECT_EQ(rules(alert), Lines{}) << "a false alarm takes back";
}

TEST(AllClear, ItsFaultsRefuseTheAlert) {
  auto alert = over();
  alert.zones.front().ending.reset();
  bool refused = false;
  for (const auto& found : lint_alert(alert, testing::town(), testing::now))
    refused |= found.rule == "all_clear_zone" && found.severity == LintSeverity::error;
  EXPECT_TRUE(refused);
}

TEST(AllClear, SpeaksToThoseWhoWereAlertedAndToNobodyElse) {
  auto alert = over();
  alert.zones.pop_back();
  for (const auto& found : lint_alert(alert, testing::town(), testing::now)) EXPECT_NE(found.rule, "not_alerted");
}

}  // namespace
}  // namespace broadcaster::alert
