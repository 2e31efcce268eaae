// R63: a copy, a restore, a take-over; and everything that must be refused on the way.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "broadcaster/approval/plan_file.hpp"
#include "broadcaster/base/files.hpp"
#include "broadcaster/service/backup.hpp"
#include "broadcaster/service/restore.hpp"
#include "broadcaster/service/take_over.hpp"
#include "tests/dispatch/stage.hpp"

namespace broadcaster::service {
namespace {

using namespace journal::sample;  // NOLINT
using delivery::State;

struct SecondMachine : testing::Test {
  /// A state with one drill alert of three deliveries: one accepted, one in flight, one pending.
  SecondMachine() {
    signed_plan = dispatch::test::Stage::drill();
    std::filesystem::create_directories(first.snapshots());
    store = open(first.folder);
    const auto stored = [&] {
      auto made = approval::release(signed_plan, approval::agency().people(), approval::request(approval::at(2, 3)));
      return std::get<approval::Release<alert::Mode::drill>>(*made).stored();
    }();
    alert = must(store->insert_release(stored, std::string(digest), signed_plan.plan)).alert;
    while (must(store->expand(alert, signed_plan.plan, 100)).progress == journal::Expanded::Progress::more) {
    }
    const auto rows = must(store->claim(alert, delivery::RouteIndex(0), approval::at(2, 4), 2)).rows;
    EXPECT_EQ(rows.size(), 2u);
    commit(*store, {intend(rows[0], "sirens"), intend(rows[1], "sirens")});
    commit(*store, {settle(rows[0], State::accepted)});
  }

  void copy() {
    target = must(prepare_backup(first, backup));
    must(mark_copied(*store, approval::at(2, 4)));
    must(store->begin_backup(target.journal()));
    while (must(store->step_backup(3)).left > 0) must(sync_backup(target));
    finish();
  }
  void finish() {
    const auto [seq, hash] = store->record_head();
    must(finish_backup(first, target, alert::Mode::drill, {seq, hash}, approval::at(2, 5)));
  }
  /// Without a fence; the old machine is off.
  static TakenOver taken_over(journal::SqliteStore& restored, std::optional<LastWord> word = std::nullopt) {
    auto fenced = must(fence_off(restored, must(read_standing(restored)), "a claim"));
    fenced.word = std::move(word);
    return must(take_over(restored, fenced, "tested", "second", approval::at(2, 7)));
  }
  auto restore(const std::filesystem::path& to) {
    return restore_backup(backup, {to}, alert::Mode::drill, approval::at(2, 6));
  }
  std::map<State, std::int64_t> counts(journal::SqliteStore& of) {
    std::map<State, std::int64_t> out;
    for (const auto& [_, states] : must(of.status(alert)).routes)
      for (const auto& [state, n] : states)
        if (n != 0) out[state] += n;
    return out;
  }

  Folder folder;
  StatePaths first{folder.path() / "first"};
  std::filesystem::path backup = folder.path() / "copy", second = folder.path() / "second";
  BackupTarget target;
  approval::SignedPlan signed_plan;
  std::unique_ptr<journal::SqliteStore> store;
  delivery::AlertId alert;
};

TEST_F(SecondMachine, WhatWasOpenInTheCopyIsUnknownAfterTheTakeOver) {
  EXPECT_EQ(counts(*store),
            (std::map<State, std::int64_t>{{State::pending, 1}, {State::sent, 1}, {State::accepted, 1}}));
  copy();
  ASSERT_TRUE(restore(second));
  auto restored = open(second);
  EXPECT_EQ(may_send(must(read_standing(*restored))).error().text.id, "service.must_take_over");
  const auto taken = taken_over(*restored);
  ASSERT_EQ(taken.alerts.size(), 1u);
  EXPECT_EQ(taken.alerts[0].life, TakenOver::Alert::Life::goes_on);
  EXPECT_EQ(taken.unknown, 2);
  EXPECT_EQ(counts(*restored), (std::map<State, std::int64_t>{{State::unknown, 2}, {State::accepted, 1}}));
  EXPECT_TRUE(may_send(must(read_standing(*restored))));
  EXPECT_EQ(must(read_standing(*restored)).epoch, 1);
  EXPECT_FALSE(must(journal::verify(*restored)).first_bad);
}

TEST_F(SecondMachine, TheOldMachinesReceiptProvesWhatIsUnknownHere) {
  copy();
  ASSERT_TRUE(restore(second));
  auto restored = open(second);
  taken_over(*restored);
  // The old machine has sent the pending one in its first try.
  const auto pending = must(store->claim(alert, delivery::RouteIndex(1), approval::at(2, 8), 1)).rows.at(0);
  EXPECT_EQ(state_of(*restored, alert, pending.id), State::unknown);
  commit(*restored, {prove(pending.id, delivery::Proof::confirmed, "sms")});
  EXPECT_EQ(state_of(*restored, alert, pending.id), State::confirmed);
}

TEST_F(SecondMachine, AStoppedAlertsUnsentStayUnsent) {
  commit(*store, {delivery::Stop{alert, "halted", approval::at(2, 4)}});
  copy();
  ASSERT_TRUE(restore(second));
  auto restored = open(second);
  EXPECT_EQ(taken_over(*restored).unknown, 1);
  EXPECT_EQ(counts(*restored)[State::pending], 1) << "to be swept as cancelled";
}

TEST_F(SecondMachine, ACodeOfTheOldMachineIsNotGivenAgain) {
  must(store->reserve_code());
  copy();
  ASSERT_TRUE(restore(second));
  auto restored = open(second);
  taken_over(*restored);
  EXPECT_GT(must(restored->reserve_code()), must(store->reserve_code()) + 50);
}

// Else the sirens of a false alarm that was taken back would sound again.
TEST_F(SecondMachine, WhatTheOldMachineHasStoppedSinceTheCopyStaysStopped) {
  copy();
  commit(*store, {delivery::Stop{alert, "halted", approval::at(2, 6)}});
  const auto word = must(last_word(*store, "first", approval::at(2, 6)));
  EXPECT_EQ(word.stopped.size(), 1u);
  EXPECT_TRUE(word.open.empty());
  ASSERT_TRUE(restore(second));
  auto restored = open(second);
  const auto taken = taken_over(*restored, word);
  EXPECT_EQ(taken.alerts.at(0).life, TakenOver::Alert::Life::stopped);
  EXPECT_TRUE(must(restored->alert(alert)).stopped_at);
  EXPECT_EQ(counts(*restored)[State::unknown], 2) << "sent before the stop, or not: nobody here knows";
}

TEST_F(SecondMachine, WhatTheOldMachineHasReleasedSinceTheCopyIsSaid) {
  copy();
  const LastWord word{"first", approval::at(2, 6), {"TL2-20261124T020600Z"}, {}};
  ASSERT_TRUE(restore(second));
  EXPECT_EQ(taken_over(*open(second), word).missing, word.open);
  EXPECT_EQ(must(last_word(*store, "first", approval::at(2, 6))).open.size(), 1u);
}

TEST_F(SecondMachine, WhatIsWrittenMeanwhileComesWithTheCopy) {
  target = must(prepare_backup(first, backup));
  must(store->begin_backup(target.journal()));
  must(store->step_backup(1));
  must(store->save("meanwhile", "written"));
  while (must(store->step_backup(1)).left > 0) {
  }
  finish();
  ASSERT_TRUE(restore(second));
  EXPECT_EQ(must(open(second)->load("meanwhile")), "written");
}

TEST_F(SecondMachine, OnlyAnEmptyStateTakesACopy) {
  copy();
  store.reset();
  const auto used = restore(first.folder);
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().text.id, "service.state_used");
  ASSERT_TRUE(restore(second));
  EXPECT_EQ(restore(second).error().text.id, "service.state_used");
}

TEST_F(SecondMachine, ARestoreThatBrokeOffIsBegunAgain) {
  copy();
  std::filesystem::create_directories(second / "restoring");
  std::filesystem::create_directories(second / "snapshots");
  must(base::write_file(second / "restoring/journal.db", "half"));
  must(base::write_file(second / "snapshots/half.db", "moved in before the end"));
  ASSERT_TRUE(restore(second));
  EXPECT_FALSE(std::filesystem::exists(second / "restoring"));
}

TEST_F(SecondMachine, HalfACopyIsNone) {
  target = must(prepare_backup(first, backup));
  must(store->begin_backup(target.journal()));
  must(store->step_backup(1));
  store->end_backup();
  const auto half = restore(second);
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().text.id, "service.no_backup");
  EXPECT_EQ(half.error().kind, base::ErrorKind::bad_input);
  EXPECT_FALSE(std::filesystem::exists(second / "journal.db"));
}

TEST_F(SecondMachine, ACopyThatWasChangedIsRefusedAndLeavesNothing) {
  copy();
  auto bytes = must(base::read_file(backup / "journal.db"));
  bytes[bytes.size() / 2] ^= 1;
  must(base::write_file(backup / "journal.db", bytes));
  const auto changed = restore(second);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, base::ErrorKind::check_failed);
  EXPECT_FALSE(std::filesystem::exists(second / "journal.db"));
  EXPECT_FALSE(std::filesystem::exists(second / "restoring"));
}

TEST_F(SecondMachine, ACopyThatNamesAnotherHeadIsRefused) {
  copy();
  auto text = must(base::read_file(backup / "backup.json"));
  const auto [seq, hash] = store->record_head();
  const auto at = text.find(base::hex(hash));
  ASSERT_NE(at, std::string::npos);
  text[at] = text[at] == '0' ? '1' : '0';
  must(base::write_file(backup / "backup.json", text));
  EXPECT_EQ(restore(second).error().text.id, "service.backup_record");
}

TEST_F(SecondMachine, ANewerCopyOfTheOtherModeOrWithAPathThatLeadsOutIsRefused) {
  copy();
  const auto text = must(base::read_file(backup / "backup.json"));
  const auto changed = [&](const std::string& from, const std::string& to) {
    auto copy = text;
    EXPECT_NE(copy.find(from), std::string::npos) << from;
    must(base::write_file(backup / "backup.json", copy.replace(copy.find(from), from.size(), to)));
    return restore(second).error().text.id;
  };
  EXPECT_EQ(changed("\"format\":1", "\"format\":2"), "service.backup_newer");
  EXPECT_EQ(changed("\"mode\":\"drill\"", "\"mode\":\"live\""), "journal.other_mode");
  EXPECT_EQ(changed("\"journal.db\"", "\"../journal.db\""), "service.no_backup");
}

TEST_F(SecondMachine, ACopyThatFailedLeavesNothing) {
  target = must(prepare_backup(first, backup));
  must(store->begin_backup(target.journal()));
  must(store->step_backup(1));
  store->end_backup();
  give_up_backup(target);
  EXPECT_FALSE(std::filesystem::exists(backup)) << "it was made for the copy";
  std::filesystem::create_directories(backup);
  give_up_backup(must(prepare_backup(first, backup)));
  EXPECT_TRUE(std::filesystem::is_empty(backup)) << "it was there before";
}

TEST_F(SecondMachine, AFolderThatHoldsSomethingTakesNoCopy) {
  std::filesystem::create_directories(backup);
  must(base::write_file(backup / "photo.jpg", "x"));
  EXPECT_EQ(prepare_backup(first, backup).error().text.id, "service.backup_not_empty");
  EXPECT_TRUE(std::filesystem::exists(backup / "photo.jpg"));
}

TEST_F(SecondMachine, ADiskThatIsNotMountedAndTheStateItselfTakeNoCopy) {
  EXPECT_EQ(prepare_backup(first, folder.path() / "not-mounted/copy").error().text.id, "service.backup_place");
  EXPECT_EQ(prepare_backup(first, first.folder / "copy").error().text.id, "service.backup_inside");
  EXPECT_FALSE(std::filesystem::exists(first.folder / "copy"));
}

TEST_F(SecondMachine, WhatIsReadBackMustBeWhatWasCopied) {
  target = must(prepare_backup(first, backup));
  must(store->begin_backup(target.journal()));
  while (must(store->step_backup(100)).left > 0) {
  }
  auto [seq, hash] = store->record_head();
  hash[0] ^= 1;  // as if the disk had lost the last page
  const auto finished = finish_backup(first, target, alert::Mode::drill, {seq, hash}, approval::at(2, 5));
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, base::ErrorKind::check_failed);
  EXPECT_FALSE(std::filesystem::exists(backup / "backup.json"));
}

TEST_F(SecondMachine, AStateThatIsItsOwnMachinesIsNotTakenOver) {
  EXPECT_EQ(may_take_over(*store, must(read_standing(*store))).error().text.id, "service.not_restored");
}

TEST_F(SecondMachine, AStateThatWasTakenOverElsewhereSendsOnlyAfterItWasTakenBack) {
  must(mark_fenced(*store, "second", 1, approval::at(2, 7)));
  EXPECT_EQ(may_send(must(read_standing(*store))).error().text.id, "service.fenced");
  ASSERT_TRUE(may_take_over(*store, must(read_standing(*store))));
  EXPECT_EQ(taken_over(*store).unknown, 2) << "the other machine may have sent them meanwhile";
  EXPECT_TRUE(may_send(must(read_standing(*store))));
}

TEST_F(SecondMachine, AnEmptyStateTakesOverWhereAnotherWasLost) {
  auto anew = open(second);
  ASSERT_TRUE(may_take_over(*anew, must(read_standing(*anew))));
  taken_over(*anew);
  EXPECT_EQ(must(read_standing(*anew)).epoch, 1);
  EXPECT_TRUE(may_send(must(read_standing(*anew))));
}

}  // namespace
}  // namespace broadcaster::service
