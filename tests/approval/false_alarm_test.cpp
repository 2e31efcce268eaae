#include <gtest/gtest.h>

#include "broadcaster/approval/content.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

/// Released at 02:05 with a false alarm inside, as the journal keeps it.
const StoredRelease& original() {
  static const StoredRelease stored =
      std::get<Release<alert::Mode::live>>(release(approved_plan(), agency().people(), request(at(2, 5))).value())
          .stored();
  return stored;
}

Signature canceller(const std::string& person, base::WallTime when) {
  return agency().sign(person, Role::canceller, approved_plan(), when);
}

FalseAlarmRequest cancel(std::vector<Signature> cancellers, base::WallTime now) {
  FalseAlarmRequest out;
  out.cancellers = std::move(cancellers);
  out.filling = false_alarm_filling(original(), "bpbd@tirtapura.example", "TP-2026-0013", "TP13", now);
  out.now = now;
  out.in_force_since = original().released_at;
  return out;
}

std::string outcome(const FalseAlarmRequest& how, const StoredRelease& of = original()) {
  const auto made = release_false_alarm(of, agency().people(), how);
  return made ? "released" : made.error().text.id;
}

TEST(FalseAlarm, OfAnUpdateRefersToWhatWasReplacedToo) {
  StoredRelease update;
  update.filling = {.identifier = "TP-2",
                    .code = "TP2",
                    .time_of_issue = at(2, 5),
                    .references = "bpbd.example,TP-1,2026-11-24T02:00:00-00:00",
                    .original_code = {},
                    .original_time_of_issue = {}};
  EXPECT_EQ(false_alarm_filling(update, "bpbd.example", "TP-3", "TP3", at(2, 9)).references,
            "bpbd.example,TP-1,2026-11-24T02:00:00-00:00 bpbd.example,TP-2,2026-11-24T02:05:00-00:00");
}

TEST(FalseAlarm, GoesOutByOneCanceller) {
  const auto made =
      release_false_alarm(original(), agency().people(), cancel({canceller("hendra", at(2, 9))}, at(2, 10)));
  ASSERT_TRUE(made.has_value()) << made.error().text.id;
  const auto& live = std::get<Release<alert::Mode::live>>(*made);
  EXPECT_EQ(live.authority(), Authority::canceller);
  EXPECT_EQ(live.stored().released_by, "hendra");
  EXPECT_TRUE(live.stored().false_alarm);
  EXPECT_EQ(live.plan().alert.type, alert::MessageType::cancel);
  EXPECT_EQ(live.plan_digest(), base::hex(base::sha256(original().canonical_plan))) << "of the whole signed plan";
  EXPECT_EQ(live.filling().references, "bpbd@tirtapura.example,TP-2026-0012,2026-11-24T02:05:00-00:00");
  EXPECT_EQ(std::get<std::string>(fill_content(live)->at(0).body),
            "TIDAK ADA TSUNAMI. Pesan TP12 pukul 09.05 keliru. TP13");
}

TEST(FalseAlarm, NeedsACanceller) {
  EXPECT_EQ(outcome(cancel({}, at(2, 10))), "approval.canceller_missing");
  EXPECT_EQ(outcome(cancel({canceller("bayu", at(2, 9))}, at(2, 10))), "approval.doubt_no_role");
  auto approval = agency().sign("ratna", Role::approver, approved_plan(), at(2, 9));
  EXPECT_EQ(outcome(cancel({approval}, at(2, 10))), "approval.doubt_other_role");
  approval.role = Role::canceller;
  EXPECT_EQ(outcome(cancel({approval}, at(2, 10))), "approval.doubt_given_otherwise");
  const auto of_drill =
      agency().sign("hendra", Role::canceller, unsigned_plan(sample_plan(alert::Mode::drill)), at(2, 9));
  EXPECT_EQ(outcome(cancel({of_drill}, at(2, 10))), "approval.doubt_unfit");
}

TEST(FalseAlarm, OneIsEnoughForHalfAnHourAfterTheFirstRevision) {
  auto how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  EXPECT_EQ(outcome(how), "released");
  how.in_force_since = at(1, 35);  // of which this is an update
  EXPECT_EQ(outcome(how), "approval.second_canceller_late");
  how.in_force_since = at(2, 11);
  EXPECT_EQ(outcome(how), "approval.second_canceller_late") << "a clock that was set back gives nobody time";
}

TEST(FalseAlarm, LateNeedsASecondCanceller) {
  using std::chrono_literals::operator""min;
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 34))}, at(2, 34))), "released");
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 35))}, at(2, 35))), "approval.second_canceller_late");
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 35)), canceller("hendra", at(2, 36))}, at(2, 36))),
            "approval.second_canceller_late")
      << "one person counts once";
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 35)), canceller("ratna", at(2, 36))}, at(2, 36))), "released");
  auto longer = cancel({canceller("hendra", at(2, 50))}, at(2, 50));
  longer.alone_within = 60min;
  EXPECT_EQ(outcome(longer), "released");
}

TEST(FalseAlarm, IsNotSignedInAdvance) {
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 6))}, at(2, 16))), "released");
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 6))}, at(2, 17))), "approval.canceller_stale");
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 20)), canceller("ratna", at(2, 36))}, at(2, 36))),
            "approval.second_canceller_late");
}

TEST(FalseAlarm, NeedsTwoWhileASourceSaysOtherwise) {
  auto how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  how.sources_in_force = {{SourceInForce::Kind::bulletin, "inatews-3f9a1c2b", "inatews"}};
  const auto made = release_false_alarm(original(), agency().people(), how);
  ASSERT_FALSE(made.has_value());
  EXPECT_EQ(made.error().text, (base::Text{"approval.second_canceller_bulletin",
                                           {{"matter", std::string("inatews-3f9a1c2b")},
                                            {"feed", std::string("inatews")},
                                            {"within", std::int64_t{10}}}}));
  how.cancellers.push_back(canceller("ratna", at(2, 10)));
  EXPECT_EQ(outcome(how), "released");
  how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  how.sources_in_force = {{SourceInForce::Kind::alert, "TP13", "tsunami"}};
  EXPECT_EQ(outcome(how), "approval.second_canceller_alert");
}

TEST(FalseAlarm, SaysWhenTheOthersAreToBeCalled) {
  const auto judged = [](const FalseAlarmRequest& how) {
    return judge_false_alarm(approved_plan(), agency().people(), how);
  };
  EXPECT_TRUE(judged(cancel({canceller("hendra", at(2, 40))}, at(2, 40))).waits_for_a_second());
  EXPECT_FALSE(judged(cancel({}, at(2, 40))).waits_for_a_second()) << "nobody who may has said so";
  EXPECT_FALSE(judged(cancel({canceller("bayu", at(2, 40))}, at(2, 40))).waits_for_a_second());
  EXPECT_FALSE(judged(cancel({canceller("hendra", at(2, 9))}, at(2, 10))).waits_for_a_second()) << "one is enough";
  EXPECT_FALSE(
      judged(cancel({canceller("hendra", at(2, 40)), canceller("ratna", at(2, 40))}, at(2, 40))).waits_for_a_second());
}

TEST(FalseAlarm, AnAgencyThatLetsNobodyAloneAsksTwoFromTheBeginning) {
  auto how = cancel({canceller("hendra", at(2, 5))}, at(2, 5));
  how.alone_within = std::chrono::minutes(0);
  EXPECT_EQ(outcome(how), "approval.second_canceller_late");
}

TEST(FalseAlarm, MayGoOutAfterTheOriginalExpiredUntilItsOwnEnd) {
  const std::vector<Signature> two{canceller("hendra", at(6, 0)), canceller("ratna", at(6, 0))};
  EXPECT_EQ(outcome(cancel(two, at(6, 0))), "released");  // the original ended at 05:00
  EXPECT_EQ(outcome(cancel(two, at(8, 0))), "approval.false_alarm_expired");
}

TEST(FalseAlarm, IsJudgedByThePeopleOfToday) {
  Agency today;  // other keys: hendra's old one is gone
  EXPECT_EQ(release_false_alarm(original(), today.people(), cancel({canceller("hendra", at(2, 9))}, at(2, 10)))
                .error()
                .text.id,
            "approval.doubt_unknown_key");
}

TEST(FalseAlarm, RefersToTheAlertThatWasWrong) {
  auto how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  how.filling.original_code = "TP11";
  EXPECT_EQ(outcome(how), "approval.false_alarm_refers");
  how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  how.filling.references = "bpbd@tirtapura.example,TP-2026-0011,2026-11-24T02:05:00-00:00";
  EXPECT_EQ(outcome(how), "approval.false_alarm_refers");
  how = cancel({canceller("hendra", at(2, 9))}, at(2, 10));
  how.filling.identifier = original().filling.identifier;
  EXPECT_EQ(outcome(how), "approval.false_alarm_refers") << "a follow-up is an alert of its own";
}

TEST(FalseAlarm, OfAFalseAlarmIsRefused) {
  const auto made =
      release_false_alarm(original(), agency().people(), cancel({canceller("hendra", at(2, 9))}, at(2, 10)));
  const auto& stored = std::get<Release<alert::Mode::live>>(made.value()).stored();
  EXPECT_EQ(outcome(cancel({canceller("hendra", at(2, 11))}, at(2, 12)), stored), "approval.cancel_of_cancel");
}

TEST(FalseAlarm, ThatWasNotPreparedIsRefused) {
  auto value = sample_plan();
  value.false_alarm = nullptr;
  auto plan = unsigned_plan(value);
  plan.signatures = {agency().sign("sari", Role::author, plan, at(2, 0)),
                     agency().sign("bayu", Role::approver, plan, at(2, 1)),
                     agency().sign("ratna", Role::approver, plan, at(2, 2))};
  const auto made = release(plan, agency().people(), request(at(2, 5)));
  ASSERT_TRUE(made.has_value());
  auto how = cancel({agency().sign("hendra", Role::canceller, plan, at(2, 9))}, at(2, 10));
  EXPECT_EQ(outcome(how, std::get<Release<alert::Mode::live>>(*made).stored()), "approval.no_false_alarm");
}

}  // namespace
}  // namespace broadcaster::approval
