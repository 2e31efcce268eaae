#include "broadcaster/dispatch/retry_budget.hpp"

#include <gtest/gtest.h>

namespace broadcaster::dispatch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Cost = RetryBudget::Cost;

struct Budget : testing::Test {
  RetryBudget budget;
  base::MonoTime now{seconds(1000)};

  void first_tries(int a_second, int during) {
    for (int i = 0; i < a_second * during; ++i) {
      budget.first_try(now);
      now += milliseconds(1000) / a_second;
    }
  }
  /// How long the last of so many waits.
  milliseconds last_of(int retries, Cost cost = Cost::refused) {
    base::MonoTime last{};
    for (int i = 0; i < retries; ++i) last = budget.book(cost, now);
    return std::chrono::duration_cast<milliseconds>(last - now);
  }
};

TEST_F(Budget, OneASecondIsAlwaysThere) {
  EXPECT_EQ(last_of(1), milliseconds(0));
  EXPECT_EQ(last_of(10), seconds(10));
}

TEST_F(Budget, AFifthOfWhatIsSentForTheFirstTime) {
  first_tries(100, 10);
  EXPECT_EQ(last_of(21), seconds(1));
}

TEST_F(Budget, WhatHadNoAnswerCountsDouble) {
  first_tries(100, 10);
  EXPECT_EQ(last_of(21, Cost::no_answer), seconds(2));
}

TEST_F(Budget, NothingIsSavedUp) {
  first_tries(100, 10);
  last_of(1);
  now += seconds(5);
  EXPECT_EQ(last_of(21), seconds(1));
}

TEST_F(Budget, WhenTheFirstTriesHaveEndedOneASecondIsLeft) {
  first_tries(100, 10);
  now += seconds(20);
  EXPECT_EQ(last_of(11), seconds(10));
}

}  // namespace
}  // namespace broadcaster::dispatch
