// A false alarm by one canceller alone although a second is needed: when, who, and what it leaves behind.
#include <gtest/gtest.h>

#include "broadcaster/approval/approval_json.hpp"
#include "broadcaster/approval/content.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using namespace std::chrono_literals;

/// Released at 02:05; at 02:38 hendra says that it was none, and the others were called at 02:36.
struct LateNight {
  explicit LateNight(alert::Mode mode = alert::Mode::live)
      : plan(approved_plan(mode)), released(release(plan, agency().people(), request(at(2, 5))).value()) {
    how.filling = false_alarm_filling(original(), "bpbd@tirtapura.example", "TP-2026-0013", "TP13", at(2, 38));
    how.now = at(2, 38);
    how.in_force_since = original().released_at;
    how.glass_case = {.policy = plan::BreakGlass{.after = 60s, .zones = 4}, .paged_at = at(2, 36)};
    how.glass = broken_by("hendra");
  }
  const StoredRelease& original() const {
    return std::visit([](const auto& one) -> const StoredRelease& { return one.stored(); }, released);
  }
  Glass broken_by(const std::string& person, Role role = Role::canceller, base::WallTime now = at(2, 38),
                  std::string reason = "the gauge was hit by a boat") const {
    return break_glass(agency().keys.at(person), role, plan, std::move(reason), at(2, 36), now).value();
  }
  base::Result<AnyRelease> made() const { return release_false_alarm(original(), agency().people(), how); }
  std::string outcome() const {
    const auto result = made();
    return result ? "released" : result.error().text.id;
  }
  SignedPlan plan;
  AnyRelease released;
  FalseAlarmRequest how;
};

TEST(FalseAlarmAlone, GoesOutWhenTheOthersWereCalledAndNobodyCame) {
  const auto made = LateNight().made();
  ASSERT_TRUE(made) << made.error().text.id;
  const auto& live = std::get<Release<alert::Mode::live>>(*made);
  EXPECT_EQ(live.authority(), Authority::break_glass);
  EXPECT_TRUE(live.stored().false_alarm);
  EXPECT_EQ(live.stored().released_by, "hendra");
  ASSERT_TRUE(live.stored().glass);
  EXPECT_EQ(live.stored().glass->reason, "the gauge was hit by a boat");
  EXPECT_EQ(std::get<std::string>(fill_content(live)->at(0).body),
            "TIDAK ADA TSUNAMI. Pesan TP12 pukul 09.05 keliru. TP13");
}

TEST(FalseAlarmAlone, AgainstASourceThatIsInForceToo) {
  LateNight night;
  night.how.alone_within = 60min;
  night.how.sources_in_force = {{SourceInForce::Kind::bulletin, "inatews-3f9a1c2b", "inatews"}};
  EXPECT_EQ(night.outcome(), "released");
}

TEST(FalseAlarmAlone, OnlyWhereThePolicyOffersItAndOnlyWhereOneIsNotEnough) {
  LateNight night;
  night.how.glass_case.policy.reset();
  EXPECT_EQ(night.outcome(), "approval.glass_false_alarm_not_offered");
  LateNight early;
  early.how.alone_within = 60min;
  EXPECT_EQ(early.outcome(), "approval.glass_false_alarm_not_needed");
  LateNight wide;
  wide.how.glass_case.policy->zones = 0;
  EXPECT_EQ(wide.outcome(), "approval.glass_zones");
}

TEST(FalseAlarmAlone, WaitsForThoseWhoWereCalled) {
  LateNight night;
  night.how.glass_case.paged_at.reset();
  EXPECT_EQ(night.outcome(), "approval.glass_false_alarm_not_paged");
  night.how.glass_case.paged_at = at(2, 37);
  EXPECT_EQ(night.outcome(), "approval.glass_other_page");
  night.how.glass_case.paged_at = at(2, 37) + 1s;
  EXPECT_EQ(night.outcome(), "approval.glass_early");
}

TEST(FalseAlarmAlone, TakesACancellerWithAReasonOfNow) {
  LateNight night;
  night.how.glass = night.broken_by("bayu");
  EXPECT_EQ(night.outcome(), "approval.doubt_no_role");
  night.how.glass = night.broken_by("hendra", Role::duty_officer);
  EXPECT_EQ(night.outcome(), "approval.doubt_other_role") << "who may release alone may not take back alone";
  night.how.glass = night.broken_by("hendra", Role::canceller, at(2, 38), "no");
  EXPECT_EQ(night.outcome(), "approval.glass_reason");
  night.how.glass = night.broken_by("hendra", Role::canceller, at(2, 35));
  EXPECT_EQ(night.outcome(), "approval.glass_stale");
  night.how.glass = night.broken_by("hendra");
  night.how.glass->reason = "the gauge was hit by a whale";
  EXPECT_EQ(night.outcome(), "approval.doubt_unfit") << "the reason is signed, too";
}

TEST(FalseAlarmAlone, IsNeitherAPlainFalseAlarmNorAReleaseOfTheAlert) {
  LateNight night;
  const auto glass = *std::exchange(night.how.glass, std::nullopt);
  night.how.cancellers = {glass.signature, agency().sign("ratna", Role::canceller, night.plan, at(2, 38))};
  EXPECT_EQ(night.outcome(), "approval.second_canceller_late") << "a broken glass is no second canceller";
  EXPECT_TRUE(weigh_glass(night.plan, agency().people(), glass, at(2, 38)).doubt);
}

TEST(FalseAlarmAlone, OpensAgainAfterARestartAndNotWhenItWasTouched) {
  const LateNight night;
  auto stored = std::get<Release<alert::Mode::live>>(night.made().value()).stored();
  EXPECT_EQ(stored_release_from_json(to_json(stored), "journal").value().glass, stored.glass);
  EXPECT_TRUE(reopen(stored));
  stored.glass->reason = "another reason altogether";
  EXPECT_EQ(reopen(stored).error().text.id, "approval.stored_release_broken");
  stored.glass.reset();
  EXPECT_EQ(reopen(stored).error().text.id, "approval.stored_release_broken");
  auto as_order = std::get<Release<alert::Mode::live>>(night.made().value()).stored();
  as_order.false_alarm = false;
  EXPECT_EQ(reopen(as_order).error().text.id, "approval.stored_release_broken") << "it releases no evacuation";
}

TEST(FalseAlarmAlone, IsDrilledAsAnExerciseAndStaysOne) {
  const auto made = LateNight(alert::Mode::drill).made();
  ASSERT_TRUE(made) << made.error().text.id;
  EXPECT_TRUE(std::holds_alternative<Release<alert::Mode::drill>>(*made));
}

}  // namespace
}  // namespace broadcaster::approval
