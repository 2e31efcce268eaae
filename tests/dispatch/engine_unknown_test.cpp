// Engine: what is unknown is asked about, and leaves again only without proof.
#include "broadcaster/dispatch/engine.hpp"
#include "tests/dispatch/script.hpp"

namespace broadcaster::dispatch::test {
namespace {

using delivery::NotSent;
using delivery::Unknown;

constexpr AttemptId first_try{DeliveryId(7), 1};

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
  script.step(Released{script.order(), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
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

/// However many changes stand before it: on disk a row that may have arrived is never pending.
TEST(Engine, AResendAndItsIntentAreNeverCutInTwoTransactions) {
  Script script;
  script.release({Script::row(7, State::unknown, 1)}, script.order());
  const auto proof = [&](std::int64_t id) {
    script.step(Proved{{.endpoint = EndpointName("kannel"),
                        .about = delivery::Ref{"of nobody yet"},
                        .proof = delivery::Proof::failed,
                        .kind = "undelivered",
                        .detail = {},
                        .at = {}},
                       static_cast<std::uint64_t>(id)});
  };
  proof(1);
  const auto under_way = script.only<Commit>().token;
  for (std::size_t id = 2; id <= Engine::most_changes_at_once; ++id) proof(static_cast<std::int64_t>(id));
  script.step(Asked{DeliveryId(7)});
  script.step(Committed{under_way, {}});
  const auto first = script.only<Commit>();
  ASSERT_EQ(first.changes.size(), Engine::most_changes_at_once - 1);
  EXPECT_TRUE(std::holds_alternative<delivery::Prove>(first.changes.back()));
  script.step(Committed{first.token, {}});
  const auto second = script.only<Commit>().changes;
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(std::get<delivery::Move>(second[0]).from, State::unknown);
  EXPECT_EQ(std::get<delivery::Intend>(second[1]).attempt.number, 2);
}

TEST(Engine, AResendWaitsForItsIntentEvenWhereARepeatIsHarmless) {
  Script script;
  script.step(Released{script.order(plan::Intent::with_the_outcome), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Asked{DeliveryId(7)});
  EXPECT_TRUE(script.all<Start>().empty());
}

TEST(Engine, AResendThatWasNotTakenLeavesTheEarlierTryUnknown) {
  Script script;
  script.step(Released{script.order(), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  script.step(Asked{DeliveryId(7)});
  script.committed();
  script.step(Finished{{DeliveryId(7), 2}, NotSent{{}, "connection refused"}});
  EXPECT_EQ(script.change<delivery::Settle>().to, State::unknown);
}

TEST(Engine, DoesNotResendAnUnknownThatTheAnswerProves) {
  Script script;
  script.step(Released{script.order(), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
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
  script.step(Released{script.order(), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
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
  script.step(Released{script.order(), Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
  script.step(Stopped{Script::alert, "halted by sari"});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  EXPECT_TRUE(script.all<Ask>().empty());
}

TEST(Engine, HoldsAnUnknownForAPersonWhereTheEndpointSaysSo) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].on_unknown = plan::OnUnknown::hold;
  script.step(Released{order, Script::before(1)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, std::nullopt}});
  EXPECT_FALSE(script.change<delivery::Move>().due.has_value());
  EXPECT_EQ(script.only<Alarm>().text->id, "dispatch.held");
}

/// Two unknown rows that wait for a person.
void hold_two(Script& script) {
  auto order = script.order();
  order.routes[0].endpoints[0].on_unknown = plan::OnUnknown::hold;
  script.step(Released{order, Script::before(2)});
  script.step(RowsExpanded{Script::alert, {{}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{
      Script::alert, Script::route, {{Script::row(7, State::unknown, 1), Script::row(8, State::unknown, 1)}, {}}});
  script.committed();
}

void prove(Script& script, std::int64_t id) {
  script.step(Proved{{.endpoint = EndpointName("kannel"),
                      .about = DeliveryId(id),
                      .proof = delivery::Proof::confirmed,
                      .kind = "delivered",
                      .detail = {},
                      .at = {}},
                     1});
  script.step(Committed{script.only<Commit>().token, {Script::moved(id, State::unknown, State::confirmed)}});
}

TEST(Engine, WhatIsHeldForAPersonIsNoAlarmAnyMoreWhenProofHasComeForAll) {
  Script script;
  hold_two(script);
  prove(script, 7);
  EXPECT_TRUE(script.all<Alarm>().empty());
  prove(script, 8);
  EXPECT_EQ(script.only<Alarm>().key, "held/kannel");
  EXPECT_FALSE(script.only<Alarm>().text);
}

TEST(Engine, WhatIsHeldForAPersonIsNoAlarmAnyMoreWhenItsAlertIsOver) {
  Script script;
  hold_two(script);
  script.step(Stopped{Script::alert, "false alarm", Stopped::Recorded::yes});
  EXPECT_EQ(script.only<Alarm>().key, "held/kannel");
  EXPECT_FALSE(script.only<Alarm>().text);
}

TEST(Engine, WhatIsHeldForAPersonIsAnAlarmAgainAfterARestart) {
  Script script;
  auto order = script.order();
  order.rows = AlertOrder::Rows::complete;
  order.routes[0].endpoints[0].on_unknown = plan::OnUnknown::hold;
  script.step(Released{order, Script::before(2, {DeliveryId(7), DeliveryId(8)})});
  ASSERT_FALSE(script.all<Alarm>().empty());
  EXPECT_EQ(script.all<Alarm>().back().text->id, "dispatch.held");
  script.step(RowsClaimed{Script::alert, Script::route, {}});
  prove(script, 7);
  EXPECT_TRUE(script.all<Alarm>().empty());
  prove(script, 8);
  EXPECT_EQ(script.only<Alarm>().key, "held/kannel");
  EXPECT_FALSE(script.only<Alarm>().text);
}

TEST(Engine, WhatIsOnlyReportedAsUnknownIsNoAlarmAfterARestart) {
  Script script;
  auto order = script.order();
  order.routes[0].endpoints[0].on_unknown = plan::OnUnknown::report;
  script.step(Released{order, Script::before(1, {DeliveryId(7)})});
  EXPECT_TRUE(script.all<Alarm>().empty());
}

/// A list of people at a gateway, none of them urgent.
AlertOrder notice_to_many(const Script& script) {
  auto order = script.order();
  order.priority = 3;
  order.rows = AlertOrder::Rows::complete;
  order.routes[0].endpoints[0].load = EndpointOrder::Load::bulk;
  order.routes[0].endpoints[0].reconcile_after = std::chrono::seconds(1);
  return order;
}

TEST(Engine, OfManyThatHadNoAnswerEachIsAskedAboutInItsTurn) {
  Script script;
  std::vector<base::milliseconds> waits;
  script.step(Released{notice_to_many(script), {}});
  script.step(RowsExpanded{Script::alert, {{{Script::route, 3}}, journal::Expanded::Progress::complete, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(1), Script::row(2), Script::row(3)}, {}}});
  script.committed();
  const auto tries = script.only<Start>().tries;
  ASSERT_EQ(tries.size(), 3U);
  for (const auto& one : tries) {
    script.step(Finished{one.attempt, delivery::Unknown{"no answer"}});
    for (const auto& commit : script.all<Commit>())
      for (const auto& change : commit.changes)
        if (const auto* settle = std::get_if<delivery::Settle>(&change))
          waits.push_back(*settle->due - script.now().wall);
    if (!script.all<Commit>().empty()) script.committed();
  }
  EXPECT_EQ(waits, (std::vector<base::milliseconds>{std::chrono::seconds(1), std::chrono::seconds(2),
                                                    std::chrono::seconds(4)}))
      << "one a second, and each counts double";
}

TEST(Engine, WhileAnUrgentAlertUsesTheGatewayNobodyElseSendsThereAgain) {
  Script script;
  auto evacuation = script.order();
  evacuation.id = AlertId{2};
  evacuation.routes[0].endpoints[0].load = EndpointOrder::Load::bulk;
  script.step(Released{notice_to_many(script), Script::before(1)});
  script.step(Released{evacuation, {}});
  script.step(RowsExpanded{AlertId{2}, {{{Script::route, 1}}, journal::Expanded::Progress::more, {}}});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, {}}});
  EXPECT_TRUE(script.all<Ask>().empty());
  script.step(Stopped{AlertId{2}, "halted by sari", Stopped::Recorded::yes});
  script.step(RowsClaimed{Script::alert, Script::route, {{Script::row(7, State::unknown, 1)}, {}}});
  EXPECT_EQ(script.all<Ask>().size(), 1U);
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
  script.step(RowsExpanded{Script::alert, {{{Script::route, 5}}, journal::Expanded::Progress::complete, {}}});
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
  script.step(RowsExpanded{Script::alert, {{{Script::route, 5}}, journal::Expanded::Progress::complete, {}}});
  EXPECT_EQ(script.only<Claim>().limit, 2);
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

}  // namespace
}  // namespace broadcaster::dispatch::test
