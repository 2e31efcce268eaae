// A restart re-opens and does not re-judge.
#include <gtest/gtest.h>

#include "broadcaster/approval/approval_json.hpp"
#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

using Live = Release<alert::Mode::live>;

StoredRelease released() {
  return std::get<Live>(release(approved_plan(), agency().people(), request(at(2, 5))).value()).stored();
}

StoredRelease cancelled() {
  FalseAlarmRequest how;
  how.now = at(2, 10);
  how.in_force_since = released().released_at;
  how.cancellers = {agency().sign("hendra", Role::canceller, approved_plan(), at(2, 9))};
  how.filling = false_alarm_filling(released(), "bpbd@tirtapura.example", "TP-2026-0013", "TP13", how.now);
  return std::get<Live>(release_false_alarm(released(), agency().people(), how).value()).stored();
}

std::string outcome(const StoredRelease& stored) {
  const auto opened = reopen(stored);
  return opened ? "open" : opened.error().text.id;
}

void expect_equal(const StoredRelease& a, const StoredRelease& b) {
  EXPECT_EQ(a.canonical_plan, b.canonical_plan);
  EXPECT_EQ(a.signatures, b.signatures);
  EXPECT_EQ(a.people_yaml, b.people_yaml);
  EXPECT_EQ(a.authority, b.authority);
  EXPECT_EQ(a.filling.identifier, b.filling.identifier);
  EXPECT_EQ(a.filling.code, b.filling.code);
  EXPECT_EQ(a.filling.time_of_issue, b.filling.time_of_issue);
  EXPECT_EQ(a.filling.references, b.filling.references);
  EXPECT_EQ(a.filling.original_code, b.filling.original_code);
  EXPECT_EQ(a.filling.original_time_of_issue, b.filling.original_time_of_issue);
  EXPECT_EQ(a.released_at, b.released_at);
  EXPECT_EQ(a.released_by, b.released_by);
  EXPECT_EQ(a.false_alarm, b.false_alarm);
  EXPECT_EQ(a.cancellers_needed, b.cancellers_needed);
  EXPECT_EQ(a.glass, b.glass);
}

TEST(Reopen, GivesTheSameReleaseFromTheJournalAlone) {
  // Nothing here knows today's time or people: the function has no way to ask.
  const auto stored = released();
  const auto opened = reopen(stored);
  ASSERT_TRUE(opened.has_value()) << opened.error().text.id;
  const auto& live = std::get<Live>(*opened);
  expect_equal(live.stored(), stored);
  EXPECT_EQ(live.plan_digest(), base::hex(base::sha256(stored.canonical_plan)));
}

TEST(Reopen, DoesNotCareThatAnOfficerLeftOrAKeyWasRevokedSince) {
  Agency night;
  const auto plan = unsigned_plan(sample_plan());
  auto signed_plan = plan;
  signed_plan.signatures = {night.sign("sari", Role::author, plan, at(2, 0)),
                            night.sign("bayu", Role::approver, plan, at(2, 1)),
                            night.sign("ratna", Role::approver, plan, at(2, 2))};
  night.key_lines["ratna"] = "not_after: 2026-11-24T02:30:00+00:00";
  const auto stored = std::get<Live>(release(signed_plan, night.people(), request(at(2, 5))).value()).stored();
  night.left = {"bayu"};
  night.quorum = 1;
  ASSERT_FALSE(judge(signed_plan, night.people(), at(2, 31)).approved()) << "today it would not be approved";
  EXPECT_EQ(outcome(stored), "open");
}

TEST(Reopen, OpensAFalseAlarmByItsCanceller) {
  const auto stored = cancelled();
  const auto opened = reopen(stored);
  ASSERT_TRUE(opened.has_value()) << opened.error().text.id;
  EXPECT_EQ(std::get<Live>(*opened).plan().alert.type, alert::MessageType::cancel);
  expect_equal(std::get<Live>(*opened).stored(), stored);
}

TEST(Reopen, NeedsAsManyCancellersAsTheReleaseNeeded) {
  FalseAlarmRequest how;
  how.now = at(2, 50);
  how.in_force_since = released().released_at;  // more than half an hour before
  how.cancellers = {agency().sign("hendra", Role::canceller, approved_plan(), at(2, 48)),
                    agency().sign("ratna", Role::canceller, approved_plan(), at(2, 49))};
  how.filling = false_alarm_filling(released(), "bpbd@tirtapura.example", "TP-2026-0013", "TP13", how.now);
  auto stored = std::get<Live>(release_false_alarm(released(), agency().people(), how).value()).stored();
  EXPECT_EQ(stored.cancellers_needed, 2);
  EXPECT_EQ(outcome(stored), "open");
  stored.signatures.pop_back();
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
  stored = cancelled();
  EXPECT_EQ(stored.cancellers_needed, 1);
  stored.cancellers_needed = 0;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
}

TEST(Reopen, RefusesWhatItsSignaturesDoNotCarry) {
  auto stored = released();
  stored.signatures.pop_back();
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
  stored = released();
  stored.false_alarm = true;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken") << "a quorum releases the alert, not its false alarm";
  stored = released();
  stored.authority = Authority::canceller;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
  stored = cancelled();
  stored.false_alarm = false;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken") << "a canceller releases the false alarm, not the alert";
  stored = released();
  stored.canonical_plan.replace(stored.canonical_plan.find("naik"), 4, "turu");
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
  stored = released();
  stored.people_yaml.clear();
  EXPECT_NE(outcome(stored), "open");
}

TEST(Reopen, RefusesAPreparedAlertThatNobodyFired) {
  auto stored = released();
  stored.authority = Authority::prepared;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
}

TEST(Reopen, RefusesABrokenGlassThatNobodySigned) {
  auto stored = released();
  stored.authority = Authority::break_glass;
  EXPECT_EQ(outcome(stored), "approval.stored_release_broken");
}

TEST(StoredReleaseJson, ComesBackWhole) {
  for (const auto& stored : {released(), cancelled()}) {
    const auto read = stored_release_from_json(to_json(stored), "journal");
    ASSERT_TRUE(read.has_value()) << read.error().text.id << " " << read.error().key;
    expect_equal(*read, stored);
    EXPECT_EQ(outcome(*read), "open");
  }
}

TEST(StoredReleaseJson, KeepsThePeopleFileByteForByte) {
  auto stored = released();
  stored.people_yaml +=
      "# Se\xcc\x81"
      "ga \"x\"\t\\ \n";  // a letter with a combining accent stays two characters
  EXPECT_EQ(stored_release_from_json(to_json(stored), "journal")->people_yaml, stored.people_yaml);
}

TEST(StoredReleaseJson, SaysWhatIsWrong) {
  auto text = to_json(released());
  text.replace(text.find("\"quorum\""), 8, "\"chief\"");
  const auto read = stored_release_from_json(text, "journal");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().key, "authority");
  EXPECT_FALSE(stored_release_from_json("{}", "journal").has_value());
  EXPECT_FALSE(stored_release_from_json("[", "journal").has_value());
}

}  // namespace
}  // namespace broadcaster::approval
