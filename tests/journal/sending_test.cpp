// Claims, intents, answers, moves, sweeps and restarts.
#include <sqlite3.h>

#include "broadcaster/journal/statements.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT
using delivery::Move;

struct Sending : testing::Test {
  Folder folder;
  std::unique_ptr<SqliteStore> store = open(folder.path());
  AlertId alert = released(*store);

  std::vector<delivery::Row> claim(RouteIndex route, int limit = 100, base::WallTime now = at(1)) {
    return must(store->claim(alert, route, now, limit)).rows;
  }
  delivery::Row one() { return claim(toots, 1).at(0); }
  State state(const delivery::Row& row) { return state_of(*store, alert, row.id); }
  void reopen() {
    store.reset();
    store = open(folder.path());
  }
  Move move(const delivery::Row& row, State from, State to, std::optional<base::WallTime> due = {}) {
    return {.delivery = row.id, .from = from, .to = to, .due = due, .why = "because", .at = at(4)};
  }
  /// Brings a fresh row to `to`.
  void bring(const delivery::Row& row, State to) {
    if (to == State::pending) return;
    if (to == State::expired || to == State::cancelled) {
      commit(*store, {move(row, State::pending, to)});
      return;
    }
    commit(*store, {intend(row, "toots")});
    if (to == State::sent) return;
    commit(*store, {settle(row, to == State::confirmed ? State::accepted : to)});
    if (to == State::confirmed) commit(*store, {prove(row.id, delivery::Proof::confirmed)});
  }
};

TEST_F(Sending, AClaimedRowIsNotClaimedAgainUntilItChanges) {
  EXPECT_EQ(claim(sirens, 3).size(), 3U);
  const auto rest = must(store->claim(alert, sirens, at(1), 3));
  ASSERT_EQ(rest.rows.size(), 1U);
  EXPECT_EQ(rest.next_due, std::nullopt);
  EXPECT_TRUE(claim(sirens).empty());
  commit(*store, {move(rest.rows[0], State::pending, State::pending, at(0))});
  EXPECT_EQ(claim(sirens).size(), 1U);
  // Claims are memory only.
  reopen();
  EXPECT_EQ(claim(sirens).size(), 4U);
}

TEST_F(Sending, RowsAreClaimedByDueAndTheNextDueIsTold) {
  const auto rows = claim(sirens);
  commit(*store,
         {move(rows[0], State::pending, State::pending, at(50)), move(rows[1], State::pending, State::pending, at(20)),
          move(rows[2], State::pending, State::pending, std::nullopt),
          move(rows[3], State::pending, State::pending, at(10))});
  const auto none = must(store->claim(alert, sirens, at(9), 10));
  EXPECT_TRUE(none.rows.empty());
  EXPECT_EQ(none.next_due, at(10));
  const auto two = must(store->claim(alert, sirens, at(49), 10));
  ASSERT_EQ(two.rows.size(), 2U);
  EXPECT_EQ(two.rows[0].id, rows[3].id);
  EXPECT_EQ(two.rows[1].id, rows[1].id);
  EXPECT_EQ(two.next_due, at(50));
  // Held for a person: never by itself.
  EXPECT_EQ(must(store->claim(alert, sirens, at(100'000), 10)).rows.size(), 1U);
}

TEST_F(Sending, TheWholeLifeOfADelivery) {
  const auto row = one();
  auto moved = commit(*store, {intend(row, "toots", at(1))});
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].from, State::pending);
  EXPECT_EQ(moved[0].to, State::sent);
  EXPECT_EQ(moved[0].endpoint.value, "toots");
  moved = commit(*store, {settle(row, State::accepted, "post-9")});
  EXPECT_EQ(moved.at(0).to, State::accepted);
  moved = commit(*store, {prove(delivery::Ref{"post-9"}, delivery::Proof::confirmed)});
  EXPECT_EQ(moved.at(0).to, State::confirmed);
  const auto status = must(store->status(alert));
  EXPECT_EQ(status.routes.at(toots), (StateCounts{{State::pending, 1}, {State::confirmed, 1}}));
  const auto& times = status.times.at(plan::EndpointName("toots"));
  EXPECT_EQ(times.attempts, 1);
  EXPECT_EQ(times.first_attempt, at(1));
  EXPECT_EQ(times.first_accepted, at(2));
  EXPECT_EQ(times.last_confirmed, at(3));
  const auto attempts = must(store->attempts(alert, {}, 10));
  ASSERT_EQ(attempts.size(), 1U);
  EXPECT_EQ(attempts[0].outcome, "accepted");
  EXPECT_EQ(attempts[0].ended, at(2));
}

TEST_F(Sending, AChannelsMemoAndTheLastEndpointComeBackWithTheClaim) {
  const auto row = one();
  commit(*store, {intend(row, "toots")});
  auto step = settle(row, State::pending, "", at(5));
  step.memo = std::string("media\0 42", 9);
  commit(*store, {step});
  reopen();
  const auto again = must(store->claim(alert, toots, at(5), 10));
  ASSERT_EQ(again.rows.size(), 2U);
  EXPECT_EQ(again.rows[1].memo, step.memo);
  EXPECT_EQ(again.rows[1].attempts, 1);
  EXPECT_EQ(again.rows[1].endpoint.value, "toots");
}

TEST_F(Sending, ARowThatWasNeverTriedComesBeforeEveryRetry) {
  const auto row = one();
  commit(*store, {intend(row, "toots"), settle(row, State::pending, "", at(0))});
  EXPECT_NE(claim(toots, 1).at(0).id, row.id);
}

TEST_F(Sending, EveryIllegalMoveThrowsAndChangesNothing) {
  std::unique_ptr<FaultyDisk> disk;
  delivery::Row row;
  const auto fresh = [&](State now) {
    store.reset();
    disk.reset();
    disk = std::make_unique<FaultyDisk>("moves");
    store = open("/moves", {.vfs = disk->name()});
    alert = released(*store);
    row = one();
    bring(row, now);
  };
  for (const auto now : delivery::all_states) {
    fresh(now);
    for (const auto from : delivery::all_states)
      for (const auto to : delivery::all_states) {
        const bool due_only = from == to && (from == State::pending || from == State::unknown);
        const bool changes =
            (from == State::pending && (to == State::failed || to == State::expired || to == State::cancelled)) ||
            (from == State::unknown && (to == State::pending || to == State::failed));
        const bool proven = now == State::accepted || now == State::confirmed || now == State::failed;
        const auto head = store->record_head();
        const std::vector<delivery::Change> change = {move(row, from, to)};
        if ((due_only || changes) && from == now) {
          EXPECT_EQ(must(store->commit(change)).size(), 1U);
          EXPECT_EQ(state(row), to);
          fresh(now);
        } else if ((due_only || changes) && from == State::unknown && proven) {
          EXPECT_TRUE(must(store->commit(change)).empty());  // evidence was faster
          EXPECT_EQ(state(row), now);
        } else {
          EXPECT_THROW((void)store->commit(change), std::logic_error)
              << delivery::name(now) << ": " << delivery::name(from) << " to " << delivery::name(to);
          EXPECT_EQ(state(row), now);
          EXPECT_EQ(store->record_head(), head);
          EXPECT_FALSE(store->broken());
        }
      }
  }
  store.reset();
}

TEST_F(Sending, AnIntentNeedsAPendingRowAndTheNextNumber) {
  for (const auto now : delivery::all_states) {
    const FaultyDisk disk("intents");
    store = open("/intents", {.vfs = disk.name()});
    alert = released(*store);
    const auto row = one();
    bring(row, now);
    auto next = intend(row, "toots");
    next.attempt.number = (now == State::pending || now == State::expired || now == State::cancelled) ? 1 : 2;
    if (now == State::pending)
      EXPECT_EQ(commit(*store, {next}).size(), 1U);
    else
      EXPECT_THROW((void)commit(*store, {next}), std::logic_error) << delivery::name(now);
    store.reset();
  }
  store = open(folder.path() / "more");
  alert = released(*store);
  auto wrong = intend(one(), "toots");
  wrong.attempt.number = 2;
  EXPECT_THROW((void)commit(*store, {wrong}), std::logic_error);
}

TEST_F(Sending, AnAnswerNeedsAnAttemptAndComesOnce) {
  const auto row = one();
  EXPECT_THROW((void)commit(*store, {settle(row, State::accepted)}), std::logic_error);
  commit(*store, {intend(row, "toots")});
  EXPECT_THROW((void)commit(*store, {settle(row, State::expired)}), std::logic_error);
  EXPECT_THROW((void)commit(*store, {settle(row, State::sent)}), std::logic_error);
  commit(*store, {settle(row, State::accepted)});
  EXPECT_THROW((void)commit(*store, {settle(row, State::accepted)}), std::logic_error);
}

TEST_F(Sending, OneBadChangeTakesTheWholeCommitBack) {
  const auto rows = claim(sirens);
  auto wrong = intend(rows[1], "sirens");
  wrong.attempt.number = 9;
  EXPECT_THROW((void)commit(*store, {intend(rows[0], "sirens"), wrong}), std::logic_error);
  EXPECT_EQ(state(rows[0]), State::pending);
  EXPECT_EQ(must(store->status(alert)).routes.at(sirens), (StateCounts{{State::pending, 4}}));
}

TEST_F(Sending, AResendAfterUnknownIsCountedAsAPossibleDuplicate) {
  const auto row = one();
  commit(*store, {intend(row, "toots"), settle(row, State::unknown, "", at(5))});
  commit(*store, {move(row, State::unknown, State::pending, at(0))});
  EXPECT_EQ(must(store->status(alert)).times.at(plan::EndpointName("toots")).possible_duplicates, 0);
  auto second = row;
  second.attempts = 1;
  commit(*store, {intend(second, "toots"), settle(second, State::pending, "", at(0))});
  auto third = row;
  third.attempts = 2;
  commit(*store, {intend(third, "toots")});
  const auto times = must(store->status(alert)).times.at(plan::EndpointName("toots"));
  EXPECT_EQ(times.possible_duplicates, 1);
  EXPECT_EQ(times.attempts, 3);
}

TEST_F(Sending, ASweepTakesPendingRowsHeldOnesTooAndNothingElse) {
  const auto rows = claim(sirens);
  commit(*store, {intend(rows[0], "sirens"), intend(rows[1], "sirens"), settle(rows[1], State::unknown, "", at(5)),
                  move(rows[2], State::pending, State::pending, std::nullopt)});
  EXPECT_EQ(must(store->sweep(alert, State::expired, "expired", at(9), 3)).size(), 3U);
  EXPECT_EQ(must(store->sweep(alert, State::expired, "expired", at(9), 3)).size(), 1U);
  EXPECT_TRUE(must(store->sweep(alert, State::expired, "expired", at(9), 3)).empty());
  EXPECT_EQ(must(store->status(alert)).routes.at(sirens),
            (StateCounts{{State::sent, 1}, {State::unknown, 1}, {State::expired, 2}}));
  EXPECT_EQ(must(store->status(alert)).routes.at(toots), (StateCounts{{State::expired, 2}}));
}

TEST_F(Sending, AStopStandsAndTheFirstReasonStays) {
  commit(*store, {delivery::Stop{alert, "halted by sari", at(5)}, delivery::Stop{alert, "again", at(6)}});
  reopen();
  const auto stored = must(store->alert(must(store->alerts()).at(0)));
  EXPECT_EQ(stored.stopped_at, at(5));
  EXPECT_EQ(stored.stop_reason, "halted by sari");
}

TEST_F(Sending, AfterAKillWhatWasSentIsUnknownAndComesBackInItsTime) {
  const auto what = plan();
  const auto harmless = claim(sirens).at(0);
  commit(*store, {intend(harmless, "sirens")});
  // A row of the gateway, whose repeat would be a duplicate: made by hand, as a route without audience has none.
  const auto account = one();
  commit(*store, {intend(account, "kannel-a")});
  reopen();
  EXPECT_EQ(must(store->recover(alert, what, at(100), std::chrono::seconds(15))), 2);
  EXPECT_EQ(must(store->recover(alert, what, at(100), std::chrono::seconds(15))), 0);
  const auto siren_rows = must(store->claim(alert, sirens, at(100), 10));
  EXPECT_EQ(siren_rows.rows.back().state, State::unknown);
  EXPECT_EQ(siren_rows.rows.size(), 4U);
  const auto toot_rows = must(store->claim(alert, toots, at(100), 10));
  EXPECT_EQ(toot_rows.rows.size(), 1U);
  EXPECT_EQ(toot_rows.next_due, at(130));
  EXPECT_EQ(must(store->attempts(alert, {}, 10)).at(0).outcome, "unknown");
}

TEST_F(Sending, AfterAStartNothingWaitsForAWallThatWasSetBack) {
  const auto what = plan();
  const auto account = one();
  commit(*store, {intend(account, "kannel-a"), settle(account, State::unknown, "", at(3700))});
  const auto rows = claim(sirens);
  commit(*store, {intend(rows[0], "sirens"), settle(rows[0], State::pending, "", at(3700))});
  commit(*store, {intend(rows[1], "sirens"), settle(rows[1], State::pending, "", at(110))});
  reopen();
  EXPECT_EQ(must(store->recover(alert, what, at(100), std::chrono::seconds(15))), 0);
  EXPECT_EQ(must(store->claim(alert, toots, at(129), 10)).next_due, at(130)) << "as after every end of a process";
  const auto due = must(store->claim(alert, sirens, at(100), 10));
  EXPECT_EQ(due.rows.back().id, rows[0].id);
  EXPECT_EQ(due.next_due, at(110)) << "a wait that can be meant is kept";
}

TEST_F(Sending, AnAlertIsOpenWhileWorkMayBeDoneByItself) {
  for (const auto route : {sirens, toots})
    for (const auto& row : claim(route)) commit(*store, {intend(row, "toots"), settle(row, State::unknown)});
  // Unknown and held for ever: no work that is done by itself.
  EXPECT_TRUE(must(store->open_alerts()).empty());
  const auto line = must(store->deliveries(alert, delivery::DeliveryId(0), 1)).at(0);
  commit(
      *store,
      {Move{.delivery = line.id, .from = State::unknown, .to = State::unknown, .due = at(9), .why = "", .at = at(8)}});
  EXPECT_EQ(must(store->open_alerts()).size(), 1U);
}

struct StandingClock final : base::Clock {
  base::Now now() const override { return time; }
  base::Now time;
};

TEST_F(Sending, WhoWaitsForAPersonIsFoundAgainForAsLongAsItsAlertIsInForce) {
  StandingClock clock;
  const auto row = one();
  commit(*store, {intend(row, "toots"), settle(row, State::unknown)});
  for (const auto route : {sirens, toots})
    for (const auto& other : claim(route)) commit(*store, {intend(other, "toots"), settle(other, State::accepted)});
  const auto open_at = [&](base::WallTime when) {
    store.reset();
    clock.time.wall = when;
    store = open(folder.path(), {.vfs = {}, .clock = &clock});
    return must(store->open_alerts()).size();
  };
  EXPECT_EQ(open_at(at(3599)), 1U);
  EXPECT_EQ(must(store->how_far(alert)).held.at(plan::EndpointName("toots")), (std::vector{row.id}));
  EXPECT_EQ(open_at(at(3600)), 0U) << "over";
  ASSERT_EQ(open_at(at(100)), 1U);
  commit(*store, {delivery::Stop{alert, "halted by sari", at(5)}});
  EXPECT_EQ(open_at(at(101)), 0U) << "stopped";
}

TEST_F(Sending, ClaimsAndSweepsUseTheirIndexes) {
  store.reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((folder.path() / "journal.db").c_str(), &db), SQLITE_OK);
  const auto plan_of = [&](const std::string& sql) {
    std::string out;
    sqlite3_exec(
        db, ("EXPLAIN QUERY PLAN " + sql).c_str(),
        [](void* text, int, char** values, char**) {
          *static_cast<std::string*>(text) += std::string(values[3]) + "\n";
          return 0;
        },
        &out, nullptr);
    return out;
  };
  EXPECT_EQ(plan_of(statements::claim), "SEARCH delivery USING INDEX delivery_claim (alert=? AND route=? AND due>?)\n");
  EXPECT_EQ(plan_of(statements::pending), "SEARCH delivery USING INDEX delivery_claim (alert=?)\n");
  EXPECT_EQ(plan_of(statements::pending_held), "SEARCH delivery USING INDEX delivery_held (alert=? AND state=?)\n");
  EXPECT_EQ(plan_of(statements::unknown_held), "SEARCH delivery USING INDEX delivery_held (alert=? AND state=?)\n");
  EXPECT_NE(plan_of(statements::of_recipient).find("(alert=? AND route=? AND recipient=?)"), std::string::npos);
  EXPECT_NE(plan_of(statements::earlier).find("(alert=? AND route=? AND recipient=?)"), std::string::npos);
  EXPECT_EQ(plan_of(statements::due_after),
            "SEARCH delivery USING INDEX delivery_claim (alert=? AND route=? AND due>?)\n");
  EXPECT_EQ(plan_of(statements::oldest_due),
            "SEARCH delivery USING INDEX delivery_claim (alert=? AND route=? AND due>?)\n");
  EXPECT_EQ(plan_of(statements::count_page),
            "SEARCH delivery USING INDEX sqlite_autoindex_delivery_1 (alert=? AND route=? AND recipient>?)\n");
  EXPECT_EQ(plan_of(statements::sent), "SEARCH delivery USING INDEX delivery_sent (alert=?)\n");
  sqlite3_close(db);
}

}  // namespace
}  // namespace broadcaster::journal
