// What comes back later, or earlier than the answer, or in the wrong order.
#include "broadcaster/delivery/attempt.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT
using delivery::Proof;
using delivery::Ref;

struct Proving : testing::Test {
  FaultyDisk disk{"evidence"};
  std::unique_ptr<SqliteStore> store = open("/evidence", {.vfs = disk.name()});
  AlertId alert = released(*store);
  delivery::Row row = must(store->claim(alert, toots, at(1), 1)).rows.at(0);

  State state() { return state_of(*store, alert, row.id); }
  std::size_t proofs() {
    return must(store->deliveries(alert, delivery::DeliveryId(row.id.value - 1), 1)).at(0).evidence.size();
  }
};

TEST_F(Proving, AReceiptBeforeTheAnswerIsKeptAndMatchedWithTheAnswer) {
  commit(*store, {intend(row, "toots")});
  EXPECT_TRUE(commit(*store, {prove(Ref{"r1"}, Proof::confirmed)}).empty());
  EXPECT_EQ(state(), State::sent);
  const auto moved = commit(*store, {settle(row, State::accepted, "r1")});
  ASSERT_EQ(moved.size(), 2U);
  EXPECT_EQ(moved[0].to, State::accepted);
  EXPECT_EQ(moved[1].from, State::accepted);
  EXPECT_EQ(moved[1].to, State::confirmed);
  EXPECT_EQ(state(), State::confirmed);
  EXPECT_EQ(proofs(), 1U);
  // Once matched it is no orphan any more.
  EXPECT_EQ(must(store->status(alert)).routes.at(toots), (StateCounts{{State::pending, 1}, {State::confirmed, 1}}));
}

TEST_F(Proving, AReadBackThatDiffersIsCountedUntilOneConfirms) {
  commit(*store, {intend(row, "toots"), settle(row, State::accepted, "r1")});
  EXPECT_TRUE(must(store->status(alert)).differs.empty());
  auto differs = prove(row.id, Proof::accepted);
  differs.evidence.kind = delivery::read_back_differs;
  commit(*store, {differs, differs});
  EXPECT_EQ(must(store->status(alert)).differs,
            (std::map<plan::EndpointName, std::int64_t>{{plan::EndpointName("toots"), 1}}))
      << "a post once, however often it was read";
  EXPECT_EQ(state(), State::accepted);
  commit(*store, {prove(row.id, Proof::confirmed)});
  EXPECT_TRUE(must(store->status(alert)).differs.empty());
}

TEST_F(Proving, AResendThatProofHasOvertakenIsNotMade) {
  commit(*store, {intend(row, "toots")});
  commit(*store, {settle(row, State::unknown, "", at(9))});
  const delivery::Move again{row.id, State::unknown, State::pending, at(9), "no proof of the last try", at(9)};
  const delivery::Intend second{{row.id, 2}, plan::EndpointName("toots"), at(9)};
  const auto moved = commit(*store, {prove(row.id, Proof::confirmed), again, second});
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].to, State::confirmed);
  EXPECT_EQ(state(), State::confirmed);
  EXPECT_EQ(must(store->attempts(alert, {}, 10)).size(), 1U);
}

TEST_F(Proving, AnOrphanOfAnotherEndpointIsNotMatched) {
  commit(*store, {intend(row, "toots"), prove(Ref{"r1"}, Proof::confirmed, "kannel-a")});
  EXPECT_EQ(commit(*store, {settle(row, State::accepted, "r1")}).size(), 1U);
  EXPECT_EQ(state(), State::accepted);
}

TEST_F(Proving, ProofByDeliveryBeforeTheAnswerIsNotTakenBackByTheAnswer) {
  for (const auto proof : {Proof::accepted, Proof::failed, Proof::confirmed})
    for (const auto answer : {State::accepted, State::unknown, State::failed, State::pending}) {
      FaultyDisk other("other");
      store = open("/other", {.vfs = other.name()});
      alert = released(*store);
      row = must(store->claim(alert, toots, at(1), 1)).rows.at(0);
      commit(*store, {intend(row, "toots"), prove(row.id, proof)});
      const auto proven = state();
      EXPECT_NE(proven, State::sent);
      EXPECT_TRUE(commit(*store, {settle(row, answer, "late", at(9))}).empty());
      EXPECT_EQ(state(), proven);
      EXPECT_EQ(must(store->attempts(alert, {}, 1)).at(0).outcome, delivery::name(answer));
      // The reference came with it all the same.
      commit(*store, {prove(Ref{"late"}, Proof::confirmed)});
      EXPECT_EQ(state(), State::confirmed);
      store.reset();
    }
  store = open("/evidence", {.vfs = disk.name()});
}

TEST_F(Proving, UndeliveredAndThenDeliveredIsDelivered) {
  commit(*store, {intend(row, "toots"), settle(row, State::accepted, "r1")});
  EXPECT_EQ(commit(*store, {prove(Ref{"r1"}, Proof::failed)}).at(0).to, State::failed);
  EXPECT_EQ(commit(*store, {prove(Ref{"r1"}, Proof::confirmed)}).at(0).to, State::confirmed);
  EXPECT_TRUE(commit(*store, {prove(Ref{"r1"}, Proof::failed)}).empty());
  EXPECT_EQ(state(), State::confirmed);
  EXPECT_EQ(proofs(), 3U);
}

TEST_F(Proving, ByRankFromEveryState) {
  for (const auto from : {State::sent, State::accepted, State::unknown, State::failed})
    for (const auto proof : {Proof::accepted, Proof::failed, Proof::confirmed}) {
      FaultyDisk other("rank");
      store = open("/rank", {.vfs = other.name()});
      alert = released(*store);
      row = must(store->claim(alert, toots, at(1), 1)).rows.at(0);
      commit(*store, {intend(row, "toots")});
      if (from != State::sent) commit(*store, {settle(row, from)});
      const auto moved = commit(*store, {prove(row.id, proof)});
      const auto expected = delivery::after_evidence(from, proof);
      EXPECT_EQ(moved.size(), expected ? 1U : 0U);
      EXPECT_EQ(state(), expected.value_or(from));
      EXPECT_EQ(proofs(), 1U);
      store.reset();
    }
  store = open("/evidence", {.vfs = disk.name()});
}

TEST_F(Proving, AFailedReceiptOfAnEarlierAttemptDoesNotFailTheLaterOne) {
  commit(*store, {intend(row, "toots"), settle(row, State::unknown, "first", at(5))});
  commit(*store, {delivery::Move{.delivery = row.id,
                                 .from = State::unknown,
                                 .to = State::pending,
                                 .due = at(0),
                                 .why = "resend",
                                 .at = at(5)}});
  row.attempts = 1;
  commit(*store, {intend(row, "toots"), settle(row, State::accepted, "second")});
  EXPECT_TRUE(commit(*store, {prove(Ref{"first"}, Proof::failed)}).empty());
  EXPECT_EQ(state(), State::accepted);
  // That it arrived is good news whichever attempt it was.
  commit(*store, {prove(Ref{"first"}, Proof::confirmed)});
  EXPECT_EQ(state(), State::confirmed);
}

TEST_F(Proving, AReceiptThatCarriesAnEarlierTryDoesNotFailTheLaterOne) {
  const auto key = delivery::idempotency_key("urn:drill:1", "toots", row.recipient, std::string(digest));
  const auto carries = [&](int number) { return delivery::CarriedBack{{row.id, number}, key.substr(0, 16)}; };
  commit(*store, {intend(row, "toots"), settle(row, State::unknown, "", at(5))});
  commit(*store, {delivery::Move{.delivery = row.id,
                                 .from = State::unknown,
                                 .to = State::pending,
                                 .due = at(0),
                                 .why = "resend",
                                 .at = at(5)}});
  row.attempts = 1;
  commit(*store, {intend(row, "toots")});
  EXPECT_TRUE(commit(*store, {prove(carries(1), Proof::failed)}).empty());
  EXPECT_EQ(state(), State::sent);
  commit(*store, {prove(carries(2), Proof::failed)});
  EXPECT_EQ(state(), State::failed);
  commit(*store, {prove(carries(1), Proof::confirmed)});
  EXPECT_EQ(state(), State::confirmed);
}

TEST_F(Proving, AReceiptOfAnotherJournalsDeliveryProvesNothingHere) {
  commit(*store, {intend(row, "toots")});
  const auto key = delivery::idempotency_key("urn:drill:0", "toots", row.recipient, std::string(digest));
  const auto own = delivery::idempotency_key("urn:drill:1", "toots", row.recipient, std::string(digest));
  commit(*store, {prove(delivery::CarriedBack{{row.id, 1}, key}, Proof::confirmed)});
  commit(*store, {prove(delivery::CarriedBack{{row.id, 1}, ""}, Proof::confirmed)});
  commit(*store, {prove(delivery::CarriedBack{{row.id, 2}, own}, Proof::confirmed)});
  commit(*store, {prove(delivery::CarriedBack{{row.id, 1}, own}, Proof::confirmed, "kannel-a")});
  EXPECT_EQ(state(), State::sent);
  EXPECT_EQ(proofs(), 0U);
}

TEST_F(Proving, ProofAboutARowThatWasNotSentIsRecordedOnly) {
  EXPECT_TRUE(commit(*store, {prove(row.id, Proof::confirmed)}).empty());
  EXPECT_EQ(state(), State::pending);
  EXPECT_EQ(proofs(), 1U);
}

TEST_F(Proving, ADeliveryThatDoesNotExistIsNoBugOfOurs) {
  const auto head = store->record_head().first;
  EXPECT_TRUE(commit(*store, {prove(delivery::DeliveryId(4711), Proof::confirmed)}).empty());
  EXPECT_EQ(store->record_head().first, head + 1);
}

TEST_F(Proving, WhatFarSidesSayIsCleanedAndHoldsNoNumbers) {
  commit(*store, {intend(row, "toots")});
  auto answer = settle(row, State::unknown, "", at(5));
  answer.why = "no route to +62 812-3456-789\xff, code 503";
  commit(*store, {answer});
  EXPECT_EQ(must(store->attempts(alert, {}, 1)).at(0).why, "no route to +[number]?, code 503");
  auto proof = prove(row.id, Proof::failed);
  proof.evidence.detail = "id:1 sub:001 to 081234567890 stat:UNDELIV";
  commit(*store, {proof});
  const auto entries = must(store->record(0, 100));
  EXPECT_NE(entries.back().entry.find("to [number] stat:UNDELIV"), std::string::npos) << entries.back().entry;
}

}  // namespace
}  // namespace broadcaster::journal
