// Engine: which way out has room, and who takes it first.
#include "broadcaster/dispatch/engine.hpp"
#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

using delivery::Accepted;
using delivery::NotSent;
using delivery::Refused;
using delivery::Unknown;

constexpr AttemptId first_try{DeliveryId(7), 1};

TEST(Engine, RefusedCredentialsShutTheEndpointAndKeepItsDeliveries) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Refused{delivery::Cause::credentials, "HTTP 401"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::pending);
  EXPECT_EQ(script.only<Alarm>().text->id, "dispatch.shut");
  script.committed();
  EXPECT_TRUE(script.all<Claim>().empty());
  // And a probe goes out by itself: the only way out of an Immediate alert is never shut for good.
  script.pass(std::chrono::seconds(2));
  script.step(Woken{});
  EXPECT_EQ(script.only<Claim>().limit, 1);
}

TEST(Engine, ASuccessOpensAShutEndpointAndEndsTheAlarm) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Refused{delivery::Cause::quota, "daily cap"}});
  script.committed();
  script.pass(std::chrono::seconds(5));
  script.step(Woken{});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::pending, 1)}, std::nullopt}});
  script.committed();
  script.step(Finished{{DeliveryId(7), 2}, Accepted{"m1"}});
  EXPECT_FALSE(script.only<Alarm>().text.has_value());
}

TEST(Engine, RetryAfterGatesTheEndpointNotTheDelivery) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, NotSent{std::chrono::seconds(20), "HTTP 429"}});
  EXPECT_EQ(*script.change<delivery::Settle>().due, base::WallTime{}) << "it keeps its place before a long list";
  script.committed();
  EXPECT_TRUE(script.all<Claim>().empty());
  const auto wake = *script.only<WakeAt>().at - script.now().mono;
  EXPECT_LE(wake, std::chrono::seconds(5));  // looks at the clocks meanwhile
  script.pass(std::chrono::seconds(19));
  script.step(Woken{});
  EXPECT_TRUE(script.all<Claim>().empty());
  script.pass(std::chrono::seconds(4));
  script.step(Woken{});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, WhomAGatewayRefusesTimeAndAgainKeepsNobodyWaiting) {
  Script script;
  script.release({Script::row(7, State::pending, 3)}, script.order());
  script.committed();
  script.step(Finished{{DeliveryId(7), 4}, NotSent{{}, "HTTP 503"}});
  EXPECT_EQ(*script.change<delivery::Settle>().due, script.now().wall);
}

TEST(Engine, ASirenThatNobodyHearsDelaysItselfAlone) {
  Script script;
  script.release({Script::row(7)}, script.order(plan::Intent::with_the_outcome));
  script.committed();
  script.step(Finished{first_try, NotSent{std::chrono::seconds(1), "nobody is subscribed", NotSent::Scope::recipient}});
  EXPECT_GE(*script.change<delivery::Settle>().due, script.now().wall + std::chrono::seconds(1));
  // Another row of the same endpoint goes at once.
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, MoreThanTheWindowIsNeverInFlight) {
  Script script;
  auto order = script.order(plan::Intent::with_the_outcome);
  order.routes[0].endpoints[0].in_flight = 3;
  script.step(Released{order, {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 10}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.only<Claim>().limit, 3);
  script.step(
      RowsClaimed{Script::alert, Script::route, {{Script::row(1), Script::row(2), Script::row(3)}, script.now().wall}});
  EXPECT_TRUE(script.all<Claim>().empty());
  script.step(Finished{{DeliveryId(1), 1}, Accepted{}});
  EXPECT_EQ(script.only<Claim>().limit, 1);
}

TEST(Engine, KeepsTheContractedRate) {
  Script script;
  auto order = script.order(plan::Intent::with_the_outcome);
  order.routes[0].endpoints[0].in_flight = 100;
  order.routes[0].endpoints[0].rate_per_second = 5;
  script.step(Released{order, {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 100}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.only<Claim>().limit, 5);
  std::vector<delivery::Row> rows;
  for (int i = 1; i <= 5; ++i) rows.push_back(Script::row(i));
  script.step(RowsClaimed{Script::alert, Script::route, {rows, script.now().wall}});
  EXPECT_TRUE(script.all<Claim>().empty());
  script.pass(std::chrono::milliseconds(401));
  script.step(Woken{});
  EXPECT_EQ(script.only<Claim>().limit, 2);
}

TEST(Engine, AHeldEndpointSendsNothing) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].use = EndpointOrder::Use::held;
  script.step(Released{order, {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_TRUE(script.all<Claim>().empty());
  // Whoever was told so hears when it does not matter any more.
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  EXPECT_EQ(script.only<Alarm>().key, "held/1/kannel");
  EXPECT_FALSE(script.only<Alarm>().text);
}

TEST(Engine, TheMoreUrgentAlertTakesTheRoomFirst) {
  Script script;
  auto drill = script.order(plan::Intent::with_the_outcome);
  drill.id = AlertId(1);
  drill.priority = 7;
  drill.routes[0].endpoints[0].in_flight = 1;
  auto evacuation = drill;
  evacuation.id = AlertId(2);
  evacuation.priority = 0;
  script.step(Released{drill, {}});
  // One place in flight, taken by the less urgent alert's row; both want the next.
  script.step(RowsExpanded{AlertId(1), {{{Script::route, 5}}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{AlertId(1), Script::route, {{Script::row(1)}, script.now().wall}});
  script.committed();
  script.step(Released{evacuation, {}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 5}}, journal::Expanded::Progress::complete, {}}});
  script.step(Finished{{DeliveryId(1), 1}, Accepted{}});
  EXPECT_EQ(script.only<Claim>().alert, AlertId(2));
}

TEST(Engine, GoesOverAGatewayThatHasAMessageForThem) {
  Script script;
  auto order = script.order();
  // The roomier one: its own message was too long and is blocked.
  auto wide = order.routes[0].endpoints[0];
  wide.name = EndpointName("wide");
  wide.in_flight = 50;
  wide.says = {{alert::Language("id"), alert::ZoneId("port")}};
  order.routes[0].endpoints.push_back(wide);
  script.release({Script::row(7)}, order);
  EXPECT_EQ(script.change<delivery::Intend>().endpoint, EndpointName("kannel"));
}

TEST(Engine, WhoFindsNoRoomAfterAllKeepsHisPlaceInTheList) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].in_flight = 2;
  script.release({Script::row(7), Script::row(8), Script::row(9)}, order);
  script.committed();
  EXPECT_EQ(script.engine().in_flight(), 2u);
  EXPECT_TRUE(script.all<Commit>().empty()) << "nothing is written, and nobody overtakes it";
  script.step(Finished{first_try, Accepted{"m1"}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(9));
}

TEST(Engine, WaitsForTheGatewayThatHasAMessageForThem) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].in_flight = 1;
  auto wide = order.routes[0].endpoints[0];
  wide.name = EndpointName("wide");
  wide.in_flight = 50;
  wide.says = {};
  order.routes[0].endpoints.push_back(wide);
  script.release({Script::row(7), Script::row(8)}, order);
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(7));
  const auto later = script.change<delivery::Move>();
  EXPECT_EQ(later.delivery, DeliveryId(8));
  EXPECT_EQ(later.to, State::pending);
  EXPECT_GT(*later.due, script.now().wall);
}

TEST(Engine, AnswersThatNeverComeSlowTheEndpointDown) {
  Script script;
  auto order = script.order(plan::Intent::with_the_outcome);
  order.routes[0].endpoints[0].in_flight = 8;
  std::vector<delivery::Row> rows;
  for (int i = 1; i <= 8; ++i) rows.push_back(Script::row(i));
  script.release(rows, order);
  script.committed();
  for (int i = 1; i <= 8; ++i) script.step(Finished{{DeliveryId(i), 1}, Unknown{"timeout"}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 50}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.only<Claim>().limit, 4);
}

TEST(Engine, WaitingForAChannelsRoomIsNoSilenceOfTheFarSide) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.pass(attempt_guard * 2);
  script.step(Woken{});
  EXPECT_TRUE(script.all<Commit>().empty()) << "nothing of it has left, so nothing is unknown";
  EXPECT_TRUE(script.engine().allows({Script::row(7), first_try, EndpointName("kannel"), {}}, script.now()));
}

TEST(Engine, WhoWaitsForRoomComesBackAtAHaltAtTheExpiryAndBeforeTheEnd) {
  const auto ends = [](auto end) {
    Script script;
    script.release({Script::row(7)}, script.order());
    script.committed();
    const Try what = script.only<Start>().tries.front();
    ASSERT_TRUE(script.engine().allows(what, script.now()));
    end(script);
    EXPECT_FALSE(script.engine().allows(what, script.now()));
    EXPECT_EQ(script.all<TakeBack>().size(), 1u);
    script.step(Finished{first_try, NotSent{{}, "stopped before the first byte", NotSent::Scope::recipient}});
    EXPECT_EQ(script.change<delivery::Settle>().to, State::pending);
  };
  ends([](Script& script) { script.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes}); });
  ends([](Script& script) { script.step(Drain{}); });
  ends([](Script& script) {
    script.pass(std::chrono::hours(1));
    script.step(Woken{});
  });
}

}  // namespace
}  // namespace broadcaster::dispatch::test
