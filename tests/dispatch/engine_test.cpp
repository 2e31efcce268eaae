// What the engine promises, one step at a time.
#include "broadcaster/dispatch/engine.hpp"

#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

using delivery::Accepted;
using delivery::Cause;
using delivery::NotSent;
using delivery::Refused;
using delivery::Unknown;

constexpr AttemptId first_try{DeliveryId(7), 1};

TEST(Engine, CommitsTheIntentBeforeTheByte) {
  Script script;
  script.release({Script::row(7)}, script.order());
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.change<delivery::Intend>().attempt, first_try);
  script.committed();
  EXPECT_EQ(script.only<Start>().tries.front().attempt, first_try);
}

// A crash between the two must not leave a row that a halt would call cancelled, although it left.
TEST(Engine, CommitsTheIntentBeforeTheByteAlsoWhereARepeatIsHarmless) {
  Script script;
  script.release({Script::row(7)}, script.order(plan::Intent::with_the_outcome));
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.change<delivery::Intend>().attempt, first_try);
}

TEST(Engine, SettlesAnAcceptedDeliveryWithItsReference) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Accepted{"m1"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::accepted);
  EXPECT_EQ(script.change<delivery::Settle>().ref, "m1");
}

TEST(Engine, SendsNothingWhenAStopComesBetweenTheIntentAndTheByte) {
  Script script;
  script.release({Script::row(7)}, script.order());
  const auto token = script.only<Commit>().token;
  script.step(Stopped{Script::alert, "halted by sari"});
  script.step(Committed{token, {Script::moved(7, State::pending, State::sent)}});
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.change<delivery::Settle>().to, State::pending);
  EXPECT_EQ(script.change<delivery::Settle>().outcome, "not_sent");
}

TEST(Engine, SendsNothingWhenTheAlertExpiresBetweenTheIntentAndTheByte) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.pass(std::chrono::hours(1));
  script.committed();
  EXPECT_TRUE(script.all<Start>().empty());
}

TEST(Engine, IsExpiredWhenEitherClockSaysSo) {
  Script wall_jumps_back;
  wall_jumps_back.release({Script::row(7)}, wall_jumps_back.order());
  wall_jumps_back.pass(std::chrono::hours(1));
  wall_jumps_back.set_now().wall -= std::chrono::hours(5);
  wall_jumps_back.committed();
  EXPECT_TRUE(wall_jumps_back.all<Start>().empty());

  Script wall_jumps_ahead;
  wall_jumps_ahead.release({Script::row(7)}, wall_jumps_ahead.order());
  wall_jumps_ahead.set_now().wall += std::chrono::hours(2);
  wall_jumps_ahead.committed();
  EXPECT_TRUE(wall_jumps_ahead.all<Start>().empty());
}

TEST(Engine, CancelsWhatWaitsAfterAStop) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  script.step(Stopped{Script::alert, "halted by sari"});
  // A claim is under way: the sweep waits for its rows, and takes them with the others.
  EXPECT_TRUE(script.all<Sweep>().empty());
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7)}, std::nullopt}});
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.only<Sweep>().to, State::cancelled);
}

TEST(Engine, NoSweepOvertakesAnIntentThatWaitsForItsCommit) {
  Script script;
  script.release({Script::row(7)}, script.order());
  const auto first = script.only<Commit>().token;
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(8)}, std::nullopt}});
  script.step(Stopped{Script::alert, "halted by sari"});
  EXPECT_TRUE(script.all<Sweep>().empty());  // it would cancel row 8, and the intent would find it so
  script.step(Committed{first, {Script::moved(7, State::pending, State::sent)}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(8));
  script.committed();
  EXPECT_EQ(script.only<Sweep>().to, State::cancelled);
}

TEST(Engine, ClaimsARowAgainOnceItsNewDueIsOnDisk) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, NotSent{std::chrono::milliseconds(0), "refused", NotSent::Scope::recipient}});
  // A claim now would overtake the change, see nothing, and nobody would look again.
  EXPECT_TRUE(script.all<Claim>().empty());
  script.committed();
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, RecordsAStopAtOnce) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(Stopped{Script::alert, "halted by sari"});
  EXPECT_EQ(script.change<delivery::Stop>().why, "halted by sari");
}

TEST(Engine, NeverRetriesAnUnknownBlindly) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Unknown{"no answer"}});
  const auto settle = script.change<delivery::Settle>();
  EXPECT_EQ(settle.to, State::unknown);
  EXPECT_EQ(*settle.due, script.now().wall + std::chrono::seconds(30));
  script.committed();
  EXPECT_TRUE(script.all<Claim>().empty());
}

TEST(Engine, AsksBeforeItResendsAnUnknown) {
  Script script;
  script.step(Released{script.order(), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  EXPECT_EQ(script.only<Ask>().what.attempt, first_try);
  script.step(Asked{DeliveryId(7)});
  // From unknown to sent in one transaction: pending is only what was certainly not sent.
  const auto changes = script.only<Commit>().changes;
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(std::get<delivery::Move>(changes[0]).from, State::unknown);
  EXPECT_EQ(std::get<delivery::Intend>(changes[1]).attempt.number, 2);
  EXPECT_TRUE(script.all<Start>().empty());
  script.committed();
  EXPECT_EQ(script.only<Start>().tries.front().attempt.number, 2);
}

TEST(Engine, AResendWaitsForItsIntentEvenWhereARepeatIsHarmless) {
  Script script;
  script.step(Released{script.order(plan::Intent::with_the_outcome), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Asked{DeliveryId(7)});
  EXPECT_TRUE(script.all<Start>().empty());
}

TEST(Engine, AResendThatWasNotTakenLeavesTheEarlierTryUnknown) {
  Script script;
  script.step(Released{script.order(), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Asked{DeliveryId(7)});
  script.committed();
  script.step(Finished{{DeliveryId(7), 2}, NotSent{{}, "connection refused"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::unknown);
}

TEST(Engine, DoesNotResendAnUnknownThatTheAnswerProves) {
  Script script;
  script.step(Released{script.order(), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Proved{{EndpointName("kannel"), DeliveryId(7), delivery::Proof::confirmed, "read_back", "", {}}, 5});
  const auto evidence = script.only<Commit>().token;
  script.step(Asked{DeliveryId(7)});
  script.step(Committed{evidence, {Script::moved(7, State::unknown, State::confirmed)}});
  EXPECT_EQ(script.only<Stored>().ticket, 5u);
  script.overtaken();
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.engine().in_flight(), 0u);
}

// The receipt of the first try came while the resend's intent was on its way to the disk.
TEST(Engine, AResendDoesNotLeaveWhenProofStandsBehindItsIntent) {
  Script script;
  script.step(Released{script.order(), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Asked{DeliveryId(7)});
  const auto token = script.only<Commit>().token;
  script.step(
      Committed{token,
                {Script::moved(7, State::unknown, State::pending), Script::moved(7, State::pending, State::sent),
                 Script::moved(7, State::sent, State::confirmed)}});
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.change<delivery::Settle>().outcome, "not_sent");
  EXPECT_EQ(script.engine().in_flight(), 0u);
}

TEST(Engine, AStopForbidsTheResendOfAnUnknown) {
  Script script;
  script.step(Released{script.order(), {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(Stopped{Script::alert, "halted by sari"});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  EXPECT_TRUE(script.all<Ask>().empty());
}

TEST(Engine, HoldsAnUnknownForAPersonWhereTheEndpointSaysSo) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].on_unknown = plan::OnUnknown::hold;
  script.step(Released{order, {{Script::route, {{State::unknown, 1}}}}});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  EXPECT_FALSE(script.change<delivery::Move>().due.has_value());
  EXPECT_EQ(script.only<Alarm>().text->id, "dispatch.held");
}

TEST(Engine, ARefusedRecipientEndsTheDelivery) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Refused{Cause::recipient, "no such number"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::failed);
  EXPECT_TRUE(script.all<Alarm>().empty());
}

TEST(Engine, RefusedCredentialsShutTheEndpointAndKeepItsDeliveries) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Refused{Cause::credentials, "HTTP 401"}});
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
  script.step(Finished{first_try, Refused{Cause::quota, "daily cap"}});
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
  EXPECT_EQ(*script.change<delivery::Settle>().due, script.now().wall);
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

TEST(Engine, ASirenThatNobodyHearsDelaysItselfAlone) {
  Script script;
  script.release({Script::row(7)}, script.order(plan::Intent::with_the_outcome));
  script.committed();
  script.step(Finished{first_try, NotSent{std::chrono::seconds(1), "nobody is subscribed", NotSent::Scope::recipient}});
  EXPECT_GE(*script.change<delivery::Settle>().due, script.now().wall + std::chrono::seconds(1));
  // Another row of the same endpoint goes at once.
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, MoreThanTheWindowIsNeverInFlight) {
  Script script;
  auto order = script.order(plan::Intent::with_the_outcome);
  order.routes[0].endpoints[0].in_flight = 3;
  script.step(Released{order, {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 10}}, journal::Expanded::Progress::complete}});
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
  script.step(RowsExpanded{Script::alert, {{{Script::route, 100}}, journal::Expanded::Progress::complete}});
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
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  EXPECT_TRUE(script.all<Claim>().empty());
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
  script.step(Released{evacuation, {}});
  // One place in flight, taken by the less urgent alert's row; both want the next.
  script.step(RowsExpanded{AlertId(1), {{{Script::route, 5}}, journal::Expanded::Progress::complete}});
  script.step(RowsClaimed{AlertId(1), Script::route, {{Script::row(1)}, script.now().wall}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 5}}, journal::Expanded::Progress::complete}});
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

TEST(Engine, AQuestionTakesRoomUntilItIsAnswered) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].in_flight = 2;
  std::vector<delivery::Row> rows = {Script::row(7, State::unknown, 1), Script::row(8, State::unknown, 1)};
  script.release(rows, order);
  // Half of the room: the other question comes later.
  EXPECT_EQ(script.only<Ask>().what.row.id, DeliveryId(7));
  EXPECT_EQ(script.change<delivery::Move>().delivery, DeliveryId(8));
  script.step(RowsExpanded{Script::alert, {{{Script::route, 5}}, journal::Expanded::Progress::complete}});
  EXPECT_EQ(script.only<Claim>().limit, 1);
}

TEST(Engine, ProofEndsAQuestionAndFreesItsRoomOnce) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].in_flight = 2;
  script.release({Script::row(7, State::unknown, 1)}, order);
  script.step(Proved{{EndpointName("kannel"), DeliveryId(7), delivery::Proof::confirmed, "receipt", "", {}}, 1});
  script.step(Committed{script.only<Commit>().token, {Script::moved(7, State::unknown, State::confirmed)}});
  script.step(Asked{DeliveryId(7)});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 5}}, journal::Expanded::Progress::complete}});
  EXPECT_EQ(script.only<Claim>().limit, 2);
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
  script.step(RowsExpanded{Script::alert, {{{Script::route, 50}}, journal::Expanded::Progress::complete}});
  EXPECT_EQ(script.only<Claim>().limit, 4);
}

TEST(Engine, TheFirstIntentsAreOnDiskBeforeTheRestOfALongListIsExpanded) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 64}}, journal::Expanded::Progress::more}});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
  EXPECT_TRUE(script.all<Expand>().empty());
  const auto& actions = script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(1)}, std::nullopt}});
  ASSERT_EQ(actions.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<Commit>(actions[0]));
  EXPECT_TRUE(std::holds_alternative<Expand>(actions[1]));
}

TEST(Engine, TheSameReleaseAgainIsJoined) {
  Script script;
  script.step(Released{script.order(), {}});
  EXPECT_EQ(script.all<Expand>().size(), 1u);
  script.step(Released{script.order(), {}});
  EXPECT_TRUE(script.all<Expand>().empty());
}

TEST(Engine, StepOfAChannelIsRememberedBeforeTheNext) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, delivery::Continues{"container 42", std::chrono::seconds(3)}});
  const auto settle = script.change<delivery::Settle>();
  EXPECT_EQ(settle.memo, "container 42");
  EXPECT_EQ(*settle.due, script.now().wall + std::chrono::seconds(3));
}

TEST(Engine, AChannelThatNeverAnswersLeavesAnUnknown) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(HandedOver{{first_try}});
  script.pass(attempt_guard);
  script.step(Woken{});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::unknown);
  // Its answer after all changes nothing by itself.
  script.step(Finished{first_try, Accepted{"late"}});
  EXPECT_EQ(script.engine().in_flight(), 0u);
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

TEST(Engine, AResendThatWaitsForRoomIsSparedWhenProofComesFirst) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  const Try what = script.only<Start>().tries.front();
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = DeliveryId(7),
                      .proof = delivery::Proof::confirmed,
                      .kind = "delivered",
                      .detail = {},
                      .at = script.now().wall},
                     1});
  // Known is enough: it need not be on disk yet.
  EXPECT_FALSE(script.engine().allows(what, script.now()));
  EXPECT_EQ(script.all<TakeBack>().size(), 1u);
}

// Handed over, and its connection is still being made: asked again right before the byte.
TEST(Engine, AResendWhoseConnectionIsBeingMadeDoesNotLeaveAfterProof) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  const Try what = script.only<Start>().tries.front();
  script.step(HandedOver{{what.attempt}});
  EXPECT_TRUE(script.engine().allows(what, script.now()));
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = DeliveryId(7),
                      .proof = delivery::Proof::confirmed,
                      .kind = "delivered",
                      .detail = {},
                      .at = script.now().wall},
                     1});
  EXPECT_FALSE(script.engine().allows(what, script.now()));
}

// By the far side's own id only the store finds the delivery.
TEST(Engine, AResendThatWaitsForRoomIsSparedWhenTheStoreFindsItProven) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  const Try what = script.only<Start>().tries.front();
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = delivery::Ref{"m1"},
                      .proof = delivery::Proof::confirmed,
                      .kind = "delivered",
                      .detail = {},
                      .at = script.now().wall},
                     1});
  EXPECT_TRUE(script.engine().allows(what, script.now()));
  script.step(Committed{script.only<Commit>().token, {Script::moved(7, State::sent, State::confirmed)}});
  EXPECT_FALSE(script.engine().allows(what, script.now()));
  EXPECT_EQ(script.all<TakeBack>().size(), 1u);
}

TEST(Engine, AFollowUpWaitsForItsOriginalOnTheSameRecipientTwoSecondsAtMost) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();  // number 7 is in flight
  auto correction = script.order();
  correction.id = AlertId(2);
  correction.follows = Script::alert;
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  script.step(Released{correction, {}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  auto row = Script::row(7);
  row.id = DeliveryId(70);
  row.alert = AlertId(2);
  script.step(RowsClaimed{AlertId(2), Script::route, {{row}, std::nullopt}});
  EXPECT_EQ(script.change<delivery::Move>().to, State::pending);
  script.committed();
  script.pass(std::chrono::seconds(2));
  script.step(Woken{});
  script.step(RowsClaimed{AlertId(2), Script::route, {{row}, std::nullopt}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(70));
}

TEST(Engine, StopsClaimingAndShoutsWhenTheStoreFails) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(StoreFailed{"disk full"});
  EXPECT_EQ(script.only<Alarm>().text->id, "dispatch.store_failed");
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  EXPECT_TRUE(script.all<Claim>().empty());
}

TEST(Engine, StartsNothingNewWhenItDrains) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(Drain{});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete}});
  EXPECT_TRUE(script.all<Claim>().empty());
  EXPECT_TRUE(script.engine().quiet());
}

TEST(Engine, AnAlertThatEndsBeforeItIsExpandedComesToRest) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::more}});
  script.step(Swept{Script::alert, {}});
  EXPECT_TRUE(script.engine().progress(Script::alert)->settled);
}

TEST(Engine, SaysWhenNothingIsLeftThatWouldHappenByItself) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  EXPECT_FALSE(script.engine().progress(Script::alert)->settled);
  script.step(Finished{first_try, Accepted{"m1"}});
  script.committed();
  EXPECT_TRUE(script.engine().progress(Script::alert)->settled);
}

}  // namespace
}  // namespace broadcaster::dispatch::test
