// The judge of the kill test can say no.
#include "tests/kill/judge.hpp"

#include <gtest/gtest.h>

namespace broadcaster::kill {
namespace {

using delivery::State;
using Outcomes = std::vector<std::string>;

const std::vector<Planned> one_phone{{"sms-drill", "+9991", Fate::reached}};

Verdict of(State state, Outcomes outcomes, int copies, Fate fate = Fate::reached) {
  return judge({{"sms-drill", "+9991", fate}}, {{"sms-drill", "+9991", state, std::move(outcomes)}},
               {{{"sms-drill", "+9991"}, copies}});
}

TEST(KillJudge, ADeliveryThatArrivedIsFine) {
  for (const auto state : {State::accepted, State::confirmed}) {
    const auto verdict = of(state, {"accepted"}, 1);
    EXPECT_TRUE(verdict.lost.empty());
    EXPECT_TRUE(verdict.unexplained.empty());
    EXPECT_EQ(verdict.duplicates, 0);
  }
}

TEST(KillJudge, SaidToBeAcceptedAndNotThereIsLost) {
  EXPECT_EQ(of(State::accepted, {"accepted"}, 0).lost.size(), 1u);
  EXPECT_EQ(of(State::confirmed, {"accepted"}, 0).lost.size(), 1u);
}

TEST(KillJudge, WhatIsStillOpenIsLost) {
  for (const auto state : {State::pending, State::sent, State::expired, State::cancelled})
    EXPECT_EQ(of(state, {"not_sent"}, 0).lost.size(), 1u) << delivery::name(state);
}

TEST(KillJudge, WhoIsNotInTheJournalIsLost) { EXPECT_EQ(judge(one_phone, {}, {}).lost.size(), 1u); }

TEST(KillJudge, UnknownIsHonestOnlyAfterAnAttemptInDoubt) {
  EXPECT_TRUE(of(State::unknown, {"unknown"}, 0).lost.empty());
  EXPECT_TRUE(of(State::unknown, {"unknown"}, 1).lost.empty());
  EXPECT_EQ(of(State::unknown, {"unknown"}, 1).unknown, 1);
  EXPECT_TRUE(of(State::unknown, {"unknown", "not_sent"}, 0).lost.empty()) << "the try before is still in doubt";
  EXPECT_EQ(of(State::unknown, {}, 0).lost.size(), 1u);
  EXPECT_EQ(of(State::unknown, {"not_sent"}, 0).lost.size(), 1u);
}

TEST(KillJudge, FailedIsRightOnlyForWhoIsOutOfReach) {
  EXPECT_TRUE(of(State::failed, {"accepted"}, 0, Fate::out_of_reach).lost.empty());
  EXPECT_EQ(of(State::failed, {"refused"}, 0).lost.size(), 1u);
}

TEST(KillJudge, ASecondCopyIsExplainedByAnUnknownBeforeIt) {
  const auto explained = of(State::confirmed, {"unknown", "accepted"}, 2);
  EXPECT_EQ(explained.duplicates, 1);
  EXPECT_TRUE(explained.unexplained.empty());
  EXPECT_EQ(of(State::confirmed, {"not_sent", "accepted"}, 2).unexplained.size(), 1u);
  EXPECT_EQ(of(State::confirmed, {"accepted", "unknown"}, 2).unexplained.size(), 1u);
  EXPECT_EQ(of(State::confirmed, {"unknown", "accepted"}, 3).unexplained.size(), 1u);
}

TEST(KillJudge, WhatLeftBeforeItsIntentWasOnDiskIsFound) {
  EXPECT_EQ(of(State::pending, {}, 1).unexplained.size(), 1u);
}

TEST(KillJudge, ASirenNeverSoundsTwice) {
  const auto verdict = judge({{"sirens-drill", "siren-01", Fate::reached}},
                             {{"sirens-drill", "siren-01", State::confirmed, {"unknown", "accepted"}}},
                             {{{"sirens-drill", "siren-01"}, 2}});
  EXPECT_EQ(verdict.unexplained.size(), 1u);
}

TEST(KillJudge, NobodyElseIsInTheJournal) {
  const std::vector<Stands> two{{"sms-drill", "+9991", State::confirmed, {"accepted"}},
                                {"sms-drill", "+9992", State::confirmed, {"accepted"}}};
  EXPECT_EQ(judge(one_phone, two, {{{"sms-drill", "+9991"}, 1}}).unexplained.size(), 1u);
}

TEST(KillJudge, NobodyElseGetsIt) {
  const std::vector<Stands> journal{{"sms-drill", "+9991", State::confirmed, {"accepted"}}};
  EXPECT_EQ(judge(one_phone, journal, {{{"sms-drill", "+9991"}, 1}, {{"nobody", "+9993"}, 1}}).unexplained.size(), 1u);
}

}  // namespace
}  // namespace broadcaster::kill
