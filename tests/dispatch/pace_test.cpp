#include "broadcaster/dispatch/pace.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace broadcaster::dispatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Highest final : public base::Random {
 public:
  std::uint64_t below(std::uint64_t bound) override { return bound - 1; }
};

constexpr plan::Priority evacuation = 0, notice = 3;

struct Paced : testing::Test {
  Pace pace{0, 8};
  Highest random;
  Backoff backoff = backoff_of(alert::Urgency::immediate);
  base::MonoTime now{seconds(1000)};

  std::vector<Pace::Place> take(int n, plan::Priority priority = evacuation) {
    std::vector<Pace::Place> places;
    for (int i = 0; i < n; ++i) places.push_back(pace.take(priority, now));
    return places;
  }
  /// The first moment from now on at which it may start, seen from outside.
  milliseconds until(plan::Priority priority) {
    for (milliseconds wait{0}; wait < std::chrono::hours(3); wait += milliseconds(100))
      if (pace.may_start(priority, now + wait) > 0) return wait;
    return milliseconds(-1);
  }
};

TEST_F(Paced, ACohortThatFailsTogetherCountsOnce) {
  for (const auto place : take(8)) {
    now += milliseconds(700);  // longer than the first wait: the gate alone would not tell
    pace.failed(place, std::nullopt, backoff, random, now);
  }
  now += backoff.cap;
  EXPECT_EQ(pace.may_start(evacuation, now), 4);  // halved once
}

TEST_F(Paced, ACohortThatIsRefusedShutsOnceHoweverLateItsAnswersCome) {
  const auto places = take(8, notice);
  pace.shut(places[0], now);
  for (int i = 1; i < 8; ++i) {
    now += milliseconds(100);
    pace.shut(places[static_cast<std::size_t>(i)], now);
  }
  EXPECT_LE(until(notice), seconds(5));
  // A probe that is refused again is news: the next one comes later.
  now += seconds(5);
  const auto probe = pace.take(notice, now);
  pace.shut(probe, now);
  EXPECT_GT(until(notice), seconds(9));
  EXPECT_LE(until(notice), seconds(10));
}

TEST_F(Paced, WhatBeganBeforeTheTroubleDoesNotEndIt) {
  const auto places = take(2, notice);
  pace.shut(places[0], now);
  pace.succeeded(places[1]);
  EXPECT_TRUE(pace.is_shut());
  now += seconds(5);
  const auto probe = pace.take(notice, now);
  pace.succeeded(probe);
  EXPECT_FALSE(pace.is_shut());
}

TEST_F(Paced, AnHourThatTheServerAskedForIsNotAnHourForAnEvacuation) {
  pace.failed(take(1)[0], std::chrono::hours(1), backoff, random, now);
  EXPECT_GE(until(notice), std::chrono::hours(1));
  EXPECT_EQ(until(evacuation), seconds(30));
  EXPECT_EQ(pace.may_start(evacuation, now + seconds(30)), 1);  // one probe
  EXPECT_EQ(pace.next_chance(evacuation, now), now + seconds(30));
  now += seconds(30);
  const auto probe = pace.take(evacuation, now);
  EXPECT_EQ(pace.may_start(evacuation, now), 0);
  // It went through: so may the others.
  pace.succeeded(probe);
  EXPECT_GT(pace.may_start(notice, now), 0);
}

TEST_F(Paced, AShortTimeThatTheServerAskedForIsKept) {
  pace.failed(take(1)[0], seconds(20), backoff, random, now);
  EXPECT_EQ(until(evacuation), seconds(22));
}

TEST_F(Paced, TheWaitOfALessUrgentAlertDoesNotHoldAnEvacuationBack) {
  pace.failed(take(1, notice)[0], std::nullopt, backoff_of(alert::Urgency::unknown), random, now);
  EXPECT_GT(until(notice), seconds(5));
  EXPECT_EQ(until(evacuation), seconds(2));
}

TEST_F(Paced, AnswersThatNeverComeNarrowTheWindowAndThenCloseIt) {
  for (int window = 8; window > 1; window /= 2) {
    EXPECT_EQ(pace.may_start(evacuation, now), window);
    for (const auto place : take(window)) pace.doubted(place, backoff, random, now);
  }
  pace.doubted(take(1)[0], backoff, random, now);
  EXPECT_EQ(pace.may_start(evacuation, now), 0);
  EXPECT_GT(until(evacuation), seconds(0));
}

TEST_F(Paced, AQuarterOfTheRoomIsFreeForTheUrgent) {
  take(6, notice);
  EXPECT_EQ(pace.may_start(notice, now), 0);
  EXPECT_EQ(pace.next_chance(notice, now), std::nullopt);
  EXPECT_EQ(pace.may_start(evacuation, now), 2);
}

TEST_F(Paced, QuestionsTakeHalfOfTheRoomAtMost) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_GT(pace.may_ask(evacuation, now), 0);
    pace.take_question(now);
  }
  EXPECT_LE(pace.may_ask(evacuation, now), 0);
  EXPECT_EQ(pace.may_start(evacuation, now), 4);
  EXPECT_EQ(pace.in_flight(), 4);
}

// Whatever an endpoint that takes two at a time has been through, and whatever fills it: an evacuation that has nothing
// in flight may start within its bound.
TEST_F(Paced, NothingLessUrgentAndNoQuestionKeepsAnEvacuationWaiting) {
  std::uint64_t seed = 0;
  const auto roll = [&seed](std::uint64_t sides) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (seed >> 33) % sides;
  };
  for (int game = 0; game < 2000; ++game) {
    pace = Pace(0, 2 + static_cast<int>(roll(11)));
    std::vector<Pace::Place> places;
    for (int turn = 0; turn < 60; ++turn) {
      now += milliseconds(roll(3000));
      if (roll(2) == 0 && pace.may_start(notice, now) > 0) places.push_back(pace.take(notice, now));
      if (roll(3) == 0 && pace.may_ask(notice, now) > 0) places.push_back(pace.take_question(now));
      if (places.empty() || roll(2) == 0) continue;
      const auto which = places.begin() + static_cast<std::ptrdiff_t>(roll(places.size()));
      const auto place = *which;
      places.erase(which);
      if (place.kind == Pace::Kind::question)
        pace.ended(place);
      else if (const auto fate = roll(5); fate == 0)
        pace.succeeded(place);
      else if (fate == 1)
        pace.failed(place, std::nullopt, backoff_of(alert::Urgency::unknown), random, now);
      else if (fate == 2)
        pace.failed(place, seconds(roll(4000)), backoff, random, now);
      else if (fate == 3)
        pace.doubted(place, backoff_of(alert::Urgency::unknown), random, now);
      else
        pace.shut(place, now);
      const auto chance = pace.next_chance(evacuation, now);
      ASSERT_TRUE(chance) << "game " << game << ", turn " << turn;
      ASSERT_LE(*chance - now, seconds(30)) << "game " << game << ", turn " << turn;
      ASSERT_GT(pace.may_start(evacuation, *chance), 0) << "game " << game << ", turn " << turn;
    }
  }
}

TEST_F(Paced, AQuestionPaysForTheAttemptThatFollowsIt) {
  pace = Pace(1, 8);  // one a second
  const auto question = pace.take_question(now);
  EXPECT_EQ(pace.may_ask(notice, now), 0);
  now += milliseconds(40);
  pace.asked(question);
  EXPECT_EQ(pace.may_start(notice, now), 0) << "others wait";
  EXPECT_EQ(pace.may_follow(notice, now), 1);
  pace.ended(pace.take(notice, now));
  EXPECT_EQ(until(notice), seconds(2)) << "two requests, two seconds";
}

}  // namespace
}  // namespace broadcaster::dispatch
