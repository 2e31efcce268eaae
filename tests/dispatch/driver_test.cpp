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
  until([&] { return settled(alert); });
  EXPECT_TRUE(sirens->started.empty());
  EXPECT_EQ(written(alert, State::cancelled), 2) << "certainly not sent: cancelled, and not unknown";
}

TEST_F(DriverTest, ForgetsAnAlertThatIsOverAndStillTakesItsReceipts) {
  const auto alert = release();
  until([&] { return sirens->started.size() == 2 && sms->started.size() == 1; });
  driver().finished(sirens->started[0].id, delivery::Accepted{"ack-1"});
  driver().finished(sirens->started[1].id, delivery::Accepted{"ack-2"});
  driver().finished(sms->started[0].id, delivery::Accepted{"m1"});
  until([&] { return settled(alert); });
  EXPECT_TRUE(driver().progress(alert)) << "it is in force: a halt must find it";
  halt(alert);
  until([&] { return !driver().progress(alert); });
  EXPECT_FALSE(driver().find(stored(alert).identifier));
  EXPECT_TRUE(driver().knows(alert)) << "no start from the disk brings it back";
  bool kept = false;
  driver().evidence({.endpoint = plan::EndpointName("sms"),
                     .about = sms->started[0].id.delivery,
                     .proof = delivery::Proof::confirmed,
                     .kind = "delivered",
                     .detail = {},
                     .at = approval::at(2, 4)},
                    [&] { kept = true; });
  until([&] { return kept; });
  EXPECT_EQ(written(alert, State::confirmed), 1);
  halt(alert);  // once more: answered, and written where it stands
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

TEST_F(DriverTest, SirensOfAnImmediateAlertGoOnWithoutTheJournalAndWhatRepeatsWithHarmWaits) {
  const auto alert = release();
  until([&] { return sirens->started.size() == 2 && sms->started.size() == 1; });
  break_disk();
  driver().finished(sirens->started[0].id, delivery::Unknown{"no answer from the siren in time"});
  driver().finished(sirens->started[1].id, delivery::Accepted{"ack-2"});
  driver().finished(sms->started[0].id, delivery::NotSent{base::milliseconds(0), "no connection"});
  until([&] { return sirens->started.size() == 3; });
  EXPECT_EQ(sirens->started[2].recipient, sirens->started[0].recipient);
  EXPECT_EQ(sirens->started[2].id.number, 2);
  EXPECT_EQ(sms->started.size(), 1u) << "its intent cannot be written";
  driver().finished(sirens->started[2].id, delivery::Accepted{"ack-1"});
  mend_disk();
  until([&] { return sms->started.size() == 2; });
  driver().finished(sms->started[1].id, delivery::Accepted{"m1"});
  until([&] { return settled(alert); });
  EXPECT_EQ(count(alert, State::accepted), 3);
}

TEST_F(DriverTest, AHaltIsAnsweredAtOnceWithoutTheJournalAndWrittenWhenItWorks) {
  sirens->space = 0;
  const auto alert = release();
  until([&] { return sms->started.size() == 1; });
  break_disk();
  std::optional<base::Result<void>> answer;
  driver().stop(alert, "halted by sari", [&](base::Result<void> result) { answer = std::move(result); });
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().text.id, "dispatch.stop_not_recorded");
  sirens->space = 10;
  driver().ready(plan::EndpointName("sirens"));
  EXPECT_TRUE(sirens->started.empty());
  mend_disk();
  driver().finished(sms->started[0].id, delivery::Accepted{"m1"});
  until([&] { return settled(alert); });
  EXPECT_EQ(stored(alert).stop_reason, "halted by sari");
}

TEST_F(DriverTest, AGatewayIsToldToAskAgainWhileItsReceiptCannotBeKept) {
  release();
  until([&] { return sms->started.size() == 1; });
  const auto server = journal::sample::must(
      net::HttpServer::listen(*loop, "127.0.0.1", 0, [this](net::ServerRequest request, net::Responder responder) {
        driver().receive(request, plan::EndpointName("sms"), std::move(responder));
      }));
  const auto client = net::HttpClient::create(*loop);
  const auto ask = [&] {
    std::optional<int> status;
    net::HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server->port()) + "/hooks/sms";
    client->send(std::move(request), [&](net::HttpResult result) { status = result ? result->status : 0; });
    until([&] { return status.has_value(); });
    return *status;
  };
  EXPECT_EQ(ask(), 200);
  break_disk();
  EXPECT_EQ(ask(), 503);
  mend_disk();
  EXPECT_EQ(ask(), 200);
}

}  // namespace
}  // namespace broadcaster::dispatch::test
