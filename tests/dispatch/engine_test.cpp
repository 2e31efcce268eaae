// What the engine promises, one step at a time.
#include "broadcaster/dispatch/engine.hpp"

#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

using delivery::Accepted;
using delivery::NotSent;
using delivery::Refused;

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

TEST(Engine, ARetryIsNotLateBecauseSomebodySetsTheWall) {
  for (const auto jump : {std::chrono::hours(-1), std::chrono::hours(1)}) {
    Script script;
    auto order = script.order();
    order.expires += std::chrono::hours(5);
    script.release({Script::row(7)}, order);
    script.committed();
    script.set_now().wall += jump;
    script.step(
        Finished{first_try, NotSent{std::chrono::seconds(1), "nobody is subscribed", NotSent::Scope::recipient}});
    script.committed();
    EXPECT_TRUE(script.all<Claim>().empty());
    script.set_now().wall += jump;
    const auto wake = *script.only<WakeAt>().at - script.now().mono;
    EXPECT_EQ(wake, std::chrono::seconds(1));
    script.pass(wake);
    script.step(Woken{});
    const auto claim = script.only<Claim>();
    EXPECT_EQ(claim.now, script.now().wall - 2 * jump) << "the store is asked by the clock that wrote the due time";
  }
}

TEST(Engine, TheFirstByteIsNotLateBecauseSomebodySetsTheWallBack) {
  Script script;
  script.step(Released{script.order(), {}});
  script.set_now().wall -= std::chrono::hours(1);
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, CancelsWhatWaitsAfterAStop) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  script.step(Stopped{Script::alert, "halted by sari"});
  // A claim is under way: the sweep waits for its rows, and takes them with the others.
  EXPECT_TRUE(script.all<Sweep>().empty());
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7)}, std::nullopt}});
  EXPECT_TRUE(script.all<Start>().empty());
  EXPECT_EQ(script.only<Sweep>().to, State::cancelled);
}

// A claim is memory alone: only what a commit has taken is more than pending.
TEST(Engine, ARowThatWaitsForItsIntentIsTheSweeps) {
  Script script;
  script.release({Script::row(7)}, script.order());
  const auto first = script.only<Commit>().token;
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(8)}, std::nullopt}});
  script.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes});
  EXPECT_EQ(script.only<Sweep>().to, State::cancelled);
  script.step(Committed{first, {Script::moved(7, State::pending, State::sent)}});
  EXPECT_TRUE(script.all<Start>().empty());
  for (const auto& change : script.only<Commit>().changes)
    EXPECT_FALSE(std::holds_alternative<delivery::Intend>(change)) << "row 8 is cancelled";
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

TEST(Engine, ARefusedRecipientEndsTheDelivery) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Refused{delivery::Cause::recipient, "no such number"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::failed);
  EXPECT_TRUE(script.all<Alarm>().empty());
}

TEST(Engine, TheFirstIntentsAreOnDiskBeforeTheRestOfALongListIsExpanded) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 64}}, journal::Expanded::Progress::more, {}}});
  EXPECT_EQ(script.all<Claim>().size(), 1u);
  EXPECT_TRUE(script.all<Expand>().empty());
  const auto& actions = script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(1)}, std::nullopt}});
  ASSERT_EQ(actions.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<Commit>(actions[0]));
  EXPECT_TRUE(std::holds_alternative<Expand>(actions[1]));
}

TEST(Engine, AnAudienceThatCannotBeReadIsTriedAgainAndHoldsNobodyElse) {
  Script script;
  const base::Error why{base::ErrorKind::unavailable, {"plan.snapshot_missing", {}}, {}, {}};
  const auto held = [&](std::int64_t added) {
    script.step(RowsExpanded{Script::alert, {{{Script::route, added}}, journal::Expanded::Progress::held, why}});
  };
  script.step(Released{script.order(), {}});
  held(1);
  EXPECT_EQ(script.only<Alarm>().text, why.text);
  EXPECT_EQ(script.all<Claim>().size(), 1u) << "sirens do not wait";
  EXPECT_TRUE(script.all<Expand>().empty());
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7)}, std::nullopt}});
  script.committed();
  script.step(Finished{first_try, Accepted{"m1"}});
  script.committed();
  EXPECT_FALSE(script.engine().progress(Script::alert)->settled);
  for (const int wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
    script.pass(std::chrono::seconds(wait) - base::milliseconds(1));
    script.step(Woken{});
    EXPECT_TRUE(script.all<Expand>().empty()) << wait;
    script.pass(base::milliseconds(1));
    script.step(Woken{});
    EXPECT_EQ(script.all<Expand>().size(), 1u) << wait;
    held(0);
  }
  script.pass(std::chrono::seconds(60));
  script.step(Woken{});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.only<Alarm>().key, "expand/1");
  EXPECT_FALSE(script.only<Alarm>().text);
  EXPECT_EQ(script.all<Claim>().size(), 1u);
}

TEST(Engine, AnAudienceThatCannotBeReadIsNoAlarmAnyMoreWhenItsAlertIsOver) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(RowsExpanded{
      Script::alert, {{}, journal::Expanded::Progress::held, base::Error{base::ErrorKind::unavailable, {}, {}, {}}}});
  script.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes});
  EXPECT_EQ(script.only<Alarm>().key, "expand/1");
  EXPECT_FALSE(script.only<Alarm>().text);
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

TEST(Engine, AFollowUpWaitsForItsOriginalOnTheSameRecipientTwoSecondsAtMost) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();  // number 7 is in flight
  auto correction = script.order();
  correction.id = AlertId(2);
  correction.follows = Script::alert;
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  script.step(Released{correction, {}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  auto row = Script::row(7);
  row.id = DeliveryId(70);
  row.alert = AlertId(2);
  script.step(RowsClaimed{AlertId(2), Script::route, {{row}, std::nullopt}});
  EXPECT_TRUE(script.all<Commit>().empty()) << "it keeps its place in the list";
  const auto wake = *script.only<WakeAt>().at - script.now().mono;
  EXPECT_LE(wake, std::chrono::seconds(2));
  script.pass(std::chrono::seconds(2));
  script.step(Woken{});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(70));
}

TEST(Engine, AFollowUpGoesAsSoonAsTheAttemptOfItsOriginalHasEnded) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  auto correction = script.order();
  correction.id = AlertId(2);
  correction.follows = Script::alert;
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  script.step(Released{correction, {}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 2}}, journal::Expanded::Progress::complete, {}}});
  auto first = Script::row(7), second = Script::row(8);
  first.id = DeliveryId(70);
  second.id = DeliveryId(80);
  first.alert = second.alert = AlertId(2);
  script.step(RowsClaimed{AlertId(2), Script::route, {{first, second}, std::nullopt}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(80)) << "others do not wait with it";
  script.committed();
  script.step(Finished{first_try, Accepted{"m1"}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(70));
}

TEST(Engine, AFollowUpDoesNotWaitForAnAnswerThatProofHasOvertaken) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = DeliveryId(7),
                      .proof = delivery::Proof::failed,
                      .kind = "undelivered",
                      .detail = {},
                      .at = {}},
                     1});
  script.step(Committed{script.only<Commit>().token, {Script::moved(7, State::sent, State::failed)}});
  auto correction = script.order();
  correction.id = AlertId(2);
  correction.follows = Script::alert;
  script.step(Stopped{Script::alert, "updated", Stopped::Recorded::yes});
  script.step(Released{correction, {}});
  script.step(RowsExpanded{AlertId(2), {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  auto row = Script::row(7);
  row.id = DeliveryId(70);
  row.alert = AlertId(2);
  script.step(RowsClaimed{AlertId(2), Script::route, {{row}, std::nullopt}});
  EXPECT_EQ(script.change<delivery::Intend>().attempt.delivery, DeliveryId(70));
}

TEST(Engine, StopsClaimingAndShoutsWhenTheStoreFails) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(StoreFailed{"disk full"});
  EXPECT_EQ(script.only<Alarm>().text->id, "dispatch.store_failed");
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_TRUE(script.all<Claim>().empty());
}

TEST(Engine, StartsNothingNewWhenItDrains) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(Drain{});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 1}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_TRUE(script.all<Claim>().empty());
  EXPECT_TRUE(script.engine().quiet());
}

TEST(Engine, AnAlertThatEndsBeforeItIsExpandedComesToRest) {
  Script script;
  script.step(Released{script.order(), {}});
  script.step(Stopped{Script::alert, "halted by sari", Stopped::Recorded::yes});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::more, {}}});
  script.step(Swept{Script::alert, {}});
  EXPECT_FALSE(script.engine().progress(Script::alert));
  EXPECT_EQ(script.only<Forget>().alert, Script::alert);
}

TEST(Engine, ForgetsAnAlertThatIsOverWhenItsLastAnswerIsOnDisk) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  script.step(Swept{Script::alert, {}});
  EXPECT_TRUE(script.all<Forget>().empty());
  script.step(Finished{first_try, Accepted{"m1"}});
  EXPECT_TRUE(script.all<Forget>().empty());
  script.committed();
  EXPECT_EQ(script.only<Forget>().alert, Script::alert);
  EXPECT_FALSE(script.engine().progress(Script::alert));
  // Its receipt finds the row on disk.
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = DeliveryId(7),
                      .proof = delivery::Proof::confirmed,
                      .kind = "delivered",
                      .detail = {},
                      .at = {}},
                     5});
  script.step(Committed{script.only<Commit>().token, {Script::moved(7, State::accepted, State::confirmed)}});
  EXPECT_EQ(script.only<Stored>().ticket, 5u);
}

TEST(Engine, AnAlertInForceIsKeptHoweverSettled) {
  Script script;
  script.release({Script::row(7)}, script.order());
  script.committed();
  script.step(Finished{first_try, Accepted{"m1"}});
  script.committed();
  EXPECT_TRUE(script.engine().progress(Script::alert)->settled);
  EXPECT_TRUE(script.all<Forget>().empty());
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
