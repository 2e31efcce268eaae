#include "channels/http/answer_time.hpp"

#include <gtest/gtest.h>

namespace broadcaster::channels {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

AnswerTime after(int answers, milliseconds each) {
  AnswerTime time;
  for (int i = 0; i < answers; ++i) time.answered(each);
  return time;
}

TEST(AnswerTime, IsNotKnownFromAFew) {
  EXPECT_FALSE(AnswerTime().limit());
  EXPECT_FALSE(after(999, milliseconds(50)).limit());
  EXPECT_TRUE(after(1000, milliseconds(50)).limit());
}

TEST(AnswerTime, IsNeverBelowTwoSecondsNorAboveThirty) {
  EXPECT_EQ(after(1000, milliseconds(0)).limit(), seconds(2));
  EXPECT_EQ(after(5000, milliseconds(3)).limit(), seconds(2));
  EXPECT_EQ(after(1000, seconds(29)).limit(), seconds(30)) << "told within 19%";
  EXPECT_EQ(after(1000, std::chrono::hours(1)).limit(), seconds(30));
}

TEST(AnswerTime, IsWhat999OfAThousandKeep) {
  auto time = after(1999, milliseconds(100));
  time.answered(seconds(5));
  EXPECT_EQ(time.limit(), seconds(2)) << "one of 2,000 may be given up";
  time.answered(seconds(5));
  time.answered(seconds(5));
  EXPECT_GE(time.limit(), seconds(5));
  EXPECT_LE(time.limit(), milliseconds(5950));
}

TEST(AnswerTime, AGatewayThatHasBecomeSlowIsWaitedForLonger) {
  auto time = after(2000, milliseconds(100));
  for (int i = 0; i < 3; ++i) time.missed(seconds(10));
  EXPECT_GE(time.limit(), seconds(20));
}

TEST(AnswerTime, WhatWasLongAgoFades) {
  auto time = after(1000, seconds(20));
  EXPECT_GE(time.limit(), seconds(20));
  for (int i = 0; i < 100'000; ++i) time.answered(milliseconds(100));
  EXPECT_EQ(time.limit(), seconds(2));
}

}  // namespace
}  // namespace broadcaster::channels
