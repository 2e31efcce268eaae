// The driver between the engine, a store of its own and a channel whose room the test sets.
#include "broadcaster/dispatch/driver.hpp"

#include <gtest/gtest.h>

#include "broadcaster/dispatch/dispatcher.hpp"
#include "tests/approval/fixture.hpp"
#include "tests/dispatch/stage.hpp"

namespace broadcaster::dispatch::test {
namespace {

using DriverTest = Stage;

TEST_F(DriverTest, WhatFindsNoRoomIsHandedOverWhenThereIsSome) {
  sirens->space = 1;
  release();
  until([&] { return sirens->started.size() == 1; });
  sirens->space = 1;
  // Any word of the channel will do.
  driver().finished(sirens->started[0].id, delivery::Accepted{"ack-1"});
  until([&] { return sirens->started.size() == 2; });
  EXPECT_NE(sirens->started[0].recipient, sirens->started[1].recipient);
}

TEST_F(DriverTest, AChannelThatSaysItIsReadyGetsWhatWaits) {
  sirens->space = 0;
  const auto alert = release();
  until([&] { return sms->started.size() == 1 && count(alert, State::sent) == 3; });  // the sirens wait for room
  sirens->space = 2;
  driver().ready(plan::EndpointName("sirens"));
  EXPECT_EQ(sirens->started.size(), 2u);
}

TEST_F(DriverTest, NoByteLeavesAfterAHaltHoweverMuchRoomThereIsThen) {
  sirens->space = 0;
  const auto alert = release();
  until([&] { return sms->started.size() == 1 && count(alert, State::sent) == 3; });  // the sirens wait for room
  halt(alert);
  sirens->space = 10;
  driver().ready(plan::EndpointName("sirens"));
  driver().finished(sms->started[0].id, delivery::Accepted{"m1"});
  until([&] { return driver().progress(alert)->settled; });
  EXPECT_TRUE(sirens->started.empty());
  EXPECT_EQ(count(alert, State::cancelled), 2) << "certainly not sent: cancelled, and not unknown";
}

TEST_F(DriverTest, WhoWaitsForRoomDoesNotKeepAnEndingProcess) {
  sirens->space = 0;
  const auto alert = release();
  until([&] { return sms->started.size() == 1 && count(alert, State::sent) == 3; });  // the sirens wait for room
  driver().drain();
  driver().finished(sms->started[0].id, delivery::Accepted{"m1"});
  until([&] { return driver().quiet(); });
  EXPECT_TRUE(sirens->started.empty());
  EXPECT_EQ(count(alert, State::pending), 2) << "the next owner goes on with them";
}

}  // namespace
}  // namespace broadcaster::dispatch::test
