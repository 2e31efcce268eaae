#include "broadcaster/drill/scenario.hpp"

#include <gtest/gtest.h>

#include "broadcaster/base/catalogue.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::drill {
namespace {

std::string mistakes(const std::string& text) {
  const auto scenario = parse_scenario(text, "drill.yaml");
  std::string said;
  if (scenario) return said;
  for (const auto& error : scenario.error()) said += base::Catalogue::of("en").say(error) + "\n";
  return said;
}

std::string with(const std::string& more) {
  return "name: {en: A drill}\nalert: alert.yaml\nobserve: 12s\npeople: {author: sari, approvers: [bayu]}\n" + more;
}

TEST(Scenario, TheShippedOneReads) {
  const auto scenario = read_scenario(places::source("config/drills/tsunami-coast.yaml"));
  ASSERT_TRUE(scenario) << base::Catalogue::of("en").say(scenario.error().front());
  EXPECT_EQ(scenario->observe, std::chrono::seconds(12));
  ASSERT_TRUE(scenario->interview);
  EXPECT_EQ(scenario->interview->hazard, "tsunami");
  EXPECT_EQ(scenario->interview->answers.size(), 4U);
  EXPECT_TRUE(scenario->alert.empty());
  EXPECT_EQ(scenario->expectations.size(), 13u);
}

TEST(Scenario, TheNightWithoutAnswersReads) {
  const auto scenario = read_scenario(places::source("config/drills/nobody-answers.yaml"));
  ASSERT_TRUE(scenario) << base::Catalogue::of("en").say(scenario.error().front());
  ASSERT_TRUE(scenario->alone);
  EXPECT_EQ(scenario->alone->by, "bayu.pratama");
  EXPECT_EQ(scenario->alone->after, std::chrono::seconds(3));
  ASSERT_TRUE(scenario->all_clear);
  EXPECT_EQ(scenario->all_clear->answers.size(), 6u);
}

TEST(Scenario, OneAloneIsAnApproverAndAnAllClearIsAskedForOnlyWhereThereIsOne) {
  const std::string expect = "expect: [{name: a, counted: all}]";
  EXPECT_NE(mistakes(with("alone: {by: hendra, reason: nobody answers}\n" + expect)).find("hendra is not one of"),
            std::string::npos);
  EXPECT_NE(mistakes(with("alone: {by: bayu}\n" + expect)), "") << "a reason is asked for";
  EXPECT_EQ(mistakes(with("alone: {by: bayu, reason: nobody answers}\n" + expect)), "");
  EXPECT_NE(
      mistakes(with("expect: [{name: over, of: all_clear, counted: all}]")).find("“over” asks about an all-clear"),
      std::string::npos);
  EXPECT_NE(mistakes(with("expect: [{name: over, ended_by: all_clear}]")), "");
  EXPECT_EQ(mistakes(with("all_clear: {answers: [x]}\nexpect: [{name: over, ended_by: all_clear}]")), "");
  EXPECT_NE(mistakes(with("expect: [{name: a, authority: nobody}]")), "");
}

TEST(Scenario, FaultsComeInOrderOfTimeWhateverTheFileSays) {
  const auto scenario = parse_scenario(
      with("faults: [{at: 2s, do: start_gateway}, {at: 500ms, do: stop_gateway}]\nexpect: [{name: a, counted: all}]"),
      "drill.yaml");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->faults[0].kind, FaultKind::stop_gateway);
  EXPECT_EQ(scenario->faults[1].at, std::chrono::seconds(2));
}

TEST(Scenario, EachMistakeHasItsPlace) {
  EXPECT_NE(mistakes(with("expect: [{name: a, endpoint: sms, proven_at_leest: 3}]")).find("drill.yaml:5:35: "),
            std::string::npos);
  EXPECT_NE(mistakes(with("observ: 3s\nexpect: [{name: a, counted: all}]")).find("observ"), std::string::npos);
  EXPECT_NE(mistakes(with("faults: [{at: soon, do: stop_gateway}]\nexpect: [{name: a, counted: all}]")).find("soon"),
            std::string::npos);
  EXPECT_NE(mistakes(with("faults: [{at: 1s, do: explode}]\nexpect: [{name: a, counted: all}]")).find("explode"),
            std::string::npos);
}

TEST(Scenario, OneExpectationAsksOneThing) {
  EXPECT_NE(mistakes(with("expect: [{name: a}]")), "");
  EXPECT_NE(mistakes(with("expect: [{name: a, counted: all, record: whole}]")), "");
  EXPECT_EQ(mistakes(with("expect: [{name: a, counted: all}]")), "");
}

TEST(Scenario, TheAuthorCannotBeAnApprover) {
  EXPECT_NE(mistakes("name: {en: A}\nalert: a.yaml\nobserve: 1s\npeople: {author: sari, approvers: [sari]}\n"
                     "expect: [{name: a, counted: all}]"),
            "");
}

}  // namespace
}  // namespace broadcaster::drill
