// What speaks against a plan that everybody signed: its status, and the time.
#include <gtest/gtest.h>

#include <functional>

#include "broadcaster/approval/judge.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using Ids = std::vector<std::string>;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

/// A plan of the mode, changed and then signed by all who must.
SignedPlan signed_with(const std::function<void(plan::Plan&)>& change, alert::Mode mode = alert::Mode::live) {
  auto value = sample_plan(mode);
  change(value);
  auto plan = unsigned_plan(value);
  plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0)),
                     agency().sign("bayu", Role::approver, plan, at(2, 1)),
                     agency().sign("ratna", Role::approver, plan, at(2, 2))};
  return plan;
}

Judgement judged(const SignedPlan& plan, base::WallTime now) { return judge(plan, agency().people(), now); }

TEST(Judge, ADraftIsNeverReleased) {
  const auto plan = signed_with(
      [](plan::Plan& p) {
        p.alert.status = alert::Status::draft;
        p.false_alarm = nullptr;
      },
      alert::Mode::drill);
  EXPECT_EQ(ids(judged(plan, at(2, 5)).refusals), Ids{"approval.draft"});
}

TEST(Judge, ModeAndStatusMustAgree) {
  const auto live_drill = signed_with([](plan::Plan& p) {
    p.alert.status = alert::Status::exercise;
    p.false_alarm = nullptr;
  });
  EXPECT_EQ(ids(judged(live_drill, at(2, 5)).refusals), Ids{"approval.mode_conflict"});
  const auto drill_live = signed_with(
      [](plan::Plan& p) {
        p.alert.status = alert::Status::actual;
        p.false_alarm = nullptr;
      },
      alert::Mode::drill);
  EXPECT_EQ(ids(judged(drill_live, at(2, 5)).refusals), Ids{"approval.mode_conflict"});
}

TEST(Judge, TheFalseAlarmInsideIsOfTheSameModeAndStatus) {
  const auto plan = signed_with([](plan::Plan& p) { p.false_alarm = sample_plan(alert::Mode::drill).false_alarm; });
  EXPECT_EQ(ids(judged(plan, at(2, 5)).refusals), Ids{"approval.false_alarm_mode"});
}

TEST(Judge, AnExpiredPlanIsRefused) {
  const auto plan = signed_with([](plan::Plan& p) { p.expires = at(2, 5); });
  EXPECT_TRUE(judged(plan, at(2, 5) - 1ms).may_be_released());
  EXPECT_EQ(ids(judged(plan, at(2, 5)).refusals), Ids{"approval.expired"});
}

TEST(Judge, ApprovalsGoStaleAndAreGivenAgain) {
  auto plan = approved_plan();  // bayu 02:01, ratna 02:02, release within 10 minutes
  EXPECT_TRUE(judged(plan, at(2, 11)).may_be_released());
  EXPECT_EQ(ids(judged(plan, at(2, 11) + 1ms).refusals), Ids{"approval.approve_again"});
  plan.signatures.push_back(agency().sign("ratna", Role::approver, plan, at(2, 13)));
  EXPECT_EQ(ids(judged(plan, at(2, 14)).refusals), Ids{"approval.approve_again"}) << "one of two is fresh";
  plan.signatures.push_back(agency().sign("bayu", Role::approver, plan, at(2, 14)));
  EXPECT_TRUE(judged(plan, at(2, 14)).may_be_released());
}

TEST(Judge, AThirdApprovalThatIsFreshReplacesTheStaleOne) {
  auto plan = approved_plan(alert::Mode::drill);  // asks for one: bayu 02:01, ratna 02:02
  EXPECT_TRUE(judged(plan, at(2, 12)).may_be_released());
  EXPECT_EQ(judged(plan, at(2, 12)).fresh_since, at(2, 2));
}

TEST(Judge, TheTimeOfAnApprovalIsSigned) {
  auto plan = approved_plan();
  for (auto& signature : plan.signatures) signature.at = at(2, 29);  // by whoever carries the file
  const auto judgement = judged(plan, at(2, 30));
  for (const auto& verdict : judgement.signatures) EXPECT_EQ(verdict.doubt, Doubt::unfit);
  EXPECT_FALSE(judgement.may_be_released());
}

TEST(Judge, TheWindowIsThePlans) {
  const auto plan = signed_with([](plan::Plan& p) { p.release_within = 90s; });
  EXPECT_TRUE(judged(plan, at(2, 2) + 30s).may_be_released());
  EXPECT_EQ(ids(judged(plan, at(2, 3)).refusals), Ids{"approval.approve_again"});
}

TEST(Judge, TheWindowIsNoLongerThanTheAgencyAllows) {
  const auto plan = signed_with([](plan::Plan& p) { p.release_within = 601s; });
  EXPECT_EQ(ids(judged(plan, at(2, 3)).refusals), Ids{"approval.release_within_long"});
  auto people = agency().people();
  people.release_within = 20min;
  EXPECT_TRUE(judge(plan, people, at(2, 3)).may_be_released());
}

TEST(Judge, AnApprovalFromTheFutureDoesNotCount) {
  auto plan = approved_plan();
  plan.signatures[2] = agency().sign("ratna", Role::approver, plan, at(3, 0));
  const auto judgement = judged(plan, at(2, 5));
  EXPECT_EQ(judgement.signatures[2].doubt, Doubt::future);
  EXPECT_FALSE(judgement.may_be_released());
  plan.signatures[2] =
      agency().sign("ratna", Role::approver, plan, at(2, 10));  // clocks that differ by five minutes are a fact of life
  EXPECT_TRUE(judged(plan, at(2, 5)).may_be_released());
}

TEST(Judge, LatenessNeverRefusesAnImmediateActualAlert) {
  auto plan = approved_plan();  // onset 02:35
  plan.signatures.push_back(agency().sign("ratna", Role::approver, plan, at(2, 34)));
  plan.signatures.push_back(agency().sign("bayu", Role::approver, plan, at(2, 34)));
  EXPECT_TRUE(judged(plan, at(2, 34)).warnings.empty());
  const auto late = judged(plan, at(2, 36));
  EXPECT_TRUE(late.may_be_released());
  ASSERT_EQ(ids(late.warnings), Ids{"approval.onset_passed_late"});
  EXPECT_EQ(late.warnings[0].arguments[0].second, base::Argument{std::int64_t{1200}});
}

TEST(Judge, AnyOtherLivePlanIsRefusedOnceItsFirstOnsetHasPassed) {
  const auto expected = [](plan::Plan& p) {
    p.alert.infos[0].urgency = alert::Urgency::expected;
    p.zones[0].onset = at(2, 4);
  };
  const auto plan = signed_with(expected);
  EXPECT_TRUE(judged(plan, at(2, 4) - 1ms).may_be_released());
  EXPECT_EQ(ids(judged(plan, at(2, 4)).refusals), Ids{"approval.onset_passed"});
  const auto drill = judged(signed_with(expected, alert::Mode::drill), at(2, 4));
  EXPECT_TRUE(drill.may_be_released());
  EXPECT_EQ(ids(drill.warnings), Ids{"approval.onset_passed"});
}

TEST(Judge, AnOnsetThatWasPastWhenTheTextsWereWrittenIsNoSurprise) {
  const auto plan = signed_with([](plan::Plan& p) {
    p.alert.infos[0].urgency = alert::Urgency::expected;
    p.alert.infos[0].onset = at(1, 0);
    p.zones[0].onset = at(1, 0);
  });
  EXPECT_TRUE(judged(plan, at(2, 5)).may_be_released());
}

TEST(Judge, AnOnsetOfTheWholeAlertCountsToo) {
  const auto plan = signed_with([](plan::Plan& p) {
    p.alert.infos[0].urgency = alert::Urgency::expected;
    p.alert.infos[0].onset = at(2, 4);
    p.zones[0].onset.reset();
  });
  EXPECT_EQ(ids(judged(plan, at(2, 5)).refusals), Ids{"approval.onset_passed"});
}

}  // namespace
}  // namespace broadcaster::approval
