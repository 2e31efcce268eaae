#include "broadcaster/plan/policy.hpp"

#include <gtest/gtest.h>

#include "tests/plan/example.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::plan {
namespace {

using example::has;
using namespace std::chrono_literals;

Policy parsed(const std::string& text) {
  auto read = parse_policy(text, "policy.yaml", example::traits());
  EXPECT_TRUE(read) << example::lines(read.error());
  return read.value_or(Policy());
}

base::Checked<Plan> plan_with(const Policy& policy, const alert::Alert& alert) {
  const auto endpoints = example::town().of_mode(alert::rule_of(alert.status).mode);
  const auto people = example::audiences();
  return make_plan({.alert = alert,
                    .agency = example::town().agency,
                    .zones = example::town().zones,
                    .sirens = example::town().sirens,
                    .endpoints = endpoints,
                    .traits = example::traits(),
                    .templates = example::town().templates,
                    .audiences = people,
                    .author = "sari.wulandari",
                    .now = example::night(),
                    .policy = policy});
}

TEST(Policy, BreakGlassIsOfferedOnlyWhereItIsWritten) {
  EXPECT_FALSE(parsed("rules: []\n").break_glass);
  const auto policy = parsed("rules: []\nbreak_glass: {after: 0s, zones: 4}\n");
  ASSERT_TRUE(policy.break_glass);
  EXPECT_EQ(policy.break_glass->after, 0s);
  EXPECT_EQ(policy.break_glass->zones, 4);
  EXPECT_EQ(parsed("rules: []\nbreak_glass: {zones: 1}\n").break_glass->after, 60s);
  for (const auto* bad :
       {"{}", "{zones: 0}", "{zones: 4, after: 11m}", "{zones: all}", "{zones: 4, untill: 1m}", "yes"})
    EXPECT_FALSE(parse_policy("rules: []\nbreak_glass: " + std::string(bad) + "\n", "policy.yaml", example::traits()))
        << bad;
}

std::vector<std::string> rules_of(const Plan& plan) {
  std::vector<std::string> out;
  for (const auto& finding : plan.findings) out.push_back(finding.rule);
  return out;
}

bool found(const Plan& plan, const std::string& rule) {
  const auto rules = rules_of(plan);
  return std::ranges::find(rules, rule) != rules.end();
}

TEST(Policy, KeepsPeopleUnlessItSaysForHowLong) {
  EXPECT_FALSE(parsed("rules: []\n").keep_people);
  EXPECT_EQ(parsed("rules: []\nretention: {people: 90d}\n").keep_people, std::chrono::days(90));
  for (const auto* bad :
       {"{}", "{people: 6d}", "{people: 4000d}", "{people: 169h}", "{people: forever}", "{numbers: 90d}"})
    EXPECT_FALSE(parse_policy("rules: []\nretention: " + std::string(bad) + "\n", "policy.yaml", example::traits()))
        << bad;
}

TEST(Policy, SaysHowLongOneCancellerIsEnoughAndWhetherOneMayBreakTheGlass) {
  EXPECT_EQ(parsed("rules: []\n").false_alarm.alone_within, 30min);
  EXPECT_FALSE(parsed("rules: []\n").false_alarm.break_glass);
  const auto policy =
      parsed("rules: []\nfalse_alarm: {alone_within: 10m, break_glass: {after: 90s, zones: 2}}\n").false_alarm;
  EXPECT_EQ(policy.alone_within, 10min);
  ASSERT_TRUE(policy.break_glass);
  EXPECT_EQ(policy.break_glass->after, 90s);
  EXPECT_EQ(parsed("rules: []\nfalse_alarm: {alone_within: 0m}\n").false_alarm.alone_within, 0min);
  for (const auto* bad : {"{alone_within: 3h}", "{alone_within: 90s}", "{alone_within: soon}", "{alone: 30m}",
                          "{break_glass: {after: 11m, zones: 4}}"})
    EXPECT_FALSE(parse_policy("rules: []\nfalse_alarm: " + std::string(bad) + "\n", "policy.yaml", example::traits()))
        << bad;
}

TEST(Policy, ALevelWithoutSirensLeavesThemOutAndSaysSo) {
  const auto policy = parsed("rules: [{hazard: tsunami, level: AWAS, channels: [sms]}]\n");
  const auto plan = plan_with(policy, example::order(alert::Status::actual));
  ASSERT_TRUE(plan) << example::lines(plan.error());
  for (const auto& message : plan->messages) EXPECT_EQ(message.form, "sms");
  for (const auto& endpoint : plan->endpoints) EXPECT_EQ(endpoint.channel, "sms");
  EXPECT_TRUE(found(*plan, "policy_channel"));
}

TEST(Policy, TheFirstRuleThatFitsDecides) {
  const auto policy = parsed(
      "rules:\n"
      "  - {hazard: flood, channels: [sms]}\n"
      "  - {severity: Minor, channels: [webhook]}\n"
      "  - {level: AWAS, channels: [sms, siren]}\n"
      "  - {channels: [mastodon]}\n");
  EXPECT_EQ(rule_for(policy, example::order(alert::Status::actual))->channels,
            (std::vector<std::string>{"sms", "siren"}));
  EXPECT_EQ(rule_for(policy, example::order_for("flood", alert::Status::actual))->channels,
            std::vector<std::string>{"sms"});
  EXPECT_EQ(rule_for(Policy(), example::order(alert::Status::actual)), nullptr);
}

TEST(Policy, GuidanceThatALevelMayNotGiveRefusesTheAlert) {
  const auto policy = parsed("rules: [{hazard: tsunami, channels: [sms], responses: [Avoid, Prepare]}]\n");
  const auto plan = plan_with(policy, example::order(alert::Status::actual));
  ASSERT_FALSE(plan);
  EXPECT_TRUE(has(plan.error(), "plan.policy_guidance")) << example::lines(plan.error());
}

TEST(Policy, ASirenAloneIsRefusedWhereItsVoiceSaysNothing) {
  auto templates = example::town().templates;
  for (auto& words : templates.all) words.order.siren.voice = "Perhatian! Tsunami! BPBD Tirtapura.";
  const auto plan =
      example::plan_of(example::order(alert::Status::actual), example::town().of_mode(alert::Mode::live), templates);
  ASSERT_TRUE(plan);
  for (const auto& message : plan->messages) EXPECT_NE(message.form, "siren");
  bool told = false;
  for (const auto& gap : plan->blocked) told = told || gap.reason.id == "plan.voice_element";
  EXPECT_TRUE(told);
}

TEST(Policy, AtNightWhatThreatensNoLifeIsAsked) {
  const auto policy = parsed("rules: []\nquiet_hours: {from: \"22.00\", until: \"05.00\"}\n");
  auto alert = example::order(alert::Status::actual);  // 02.15 in Tirtapura
  EXPECT_FALSE(found(*plan_with(policy, alert), "quiet_hours"));
  for (auto& info : alert.infos) info.urgency = alert::Urgency::future;
  EXPECT_TRUE(found(*plan_with(policy, alert), "quiet_hours"));
  alert.status = alert::Status::exercise;
  EXPECT_FALSE(found(*plan_with(policy, alert), "quiet_hours"));
  EXPECT_TRUE(is_quiet({22h, 5h}, 23h));
  EXPECT_TRUE(is_quiet({22h, 5h}, 4h));
  EXPECT_FALSE(is_quiet({22h, 5h}, 5h));
  EXPECT_TRUE(is_quiet({1h, 5h}, 1h));
  EXPECT_FALSE(is_quiet({1h, 5h}, 23h));
}

TEST(Policy, NoFileForbidsNothingAndEveryMistakeHasItsLine) {
  EXPECT_TRUE(read_policy("/nowhere/policy.yaml", example::traits()).value().rules.empty());
  EXPECT_TRUE(read_policy(places::source("config/policy.yaml"), example::traits()));
  for (const auto* text : {"rules: [{channels: [telegraph]}]\n", "rules: [{channels: [sms], responses: [Run]}]\n",
                           "rules: [{level: AWAS}]\n", "rules: [{channels: [sms], colour: red}]\n",
                           "rules: []\nquiet_hours: {from: \"25.00\", until: \"05.00\"}\n", "rules: {}\n"}) {
    const auto read = parse_policy(text, "policy.yaml", example::traits());
    ASSERT_FALSE(read) << text;
    EXPECT_GT(read.error().front().place->line, 0) << text;
  }
}

}  // namespace
}  // namespace broadcaster::plan
