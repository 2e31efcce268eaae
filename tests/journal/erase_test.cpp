// People are erased from an alert that is over: no byte of the state folder holds a number any more, and the chain
// verifies.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "broadcaster/journal/erasure.hpp"
#include "broadcaster/journal/record.hpp"
#include "broadcaster/journal/verify.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

constexpr auto long_after = 90 * 86'400;

struct Erasing : testing::Test {
  Folder folder;
  std::unique_ptr<SqliteStore> store = open(folder.path());
  std::string audience = snapshot(folder.path(), "+99900000005,id,port\n+99900000006,id,hill\n");
  AlertId alert = released(*store, audience);

  /// Everything of it is settled, with a memo and an answer that repeats the number.
  void finish() {
    for (const auto route : {sirens, toots, sms})
      for (const auto& row : must(store->claim(alert, route, at(1), 10)).rows) {
        auto answer = settle(row, State::accepted, fmt::format("ref-{}", row.id.value));
        answer.memo = "sent to " + row.recipient;
        answer.why = "the operator took " + row.recipient;
        commit(*store, {intend(row, route == sms ? "kannel-a" : "toots"), answer});
      }
  }
  std::int64_t erase_all(int limit = 1) {
    std::int64_t numbers = 0;
    for (;;) {
      const auto erased = must(store->erase_people(alert, at(long_after), limit));
      numbers += erased.numbers;
      if (erased.progress == Erased::Progress::complete) return numbers;
    }
  }
  /// Files of the state folder that hold these bytes; snapshots are another's to delete.
  std::vector<std::string> holding(const std::string& bytes) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      if (!entry.is_regular_file() || entry.path().extension() == ".csv") continue;
      std::stringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (text.str().find(bytes) != std::string::npos) out.push_back(entry.path().filename().string());
    }
    return out;
  }
};

TEST_F(Erasing, LeavesNoNumberInAnyFileAndTheRecordWhole) {
  finish();
  EXPECT_FALSE(holding("99900000005").empty()) << "else this test sees nothing";
  EXPECT_EQ(erase_all(), 2);
  must(store->forget_log());
  EXPECT_EQ(holding("99900000005"), std::vector<std::string>());
  EXPECT_EQ(holding("99900000006"), std::vector<std::string>());
  EXPECT_FALSE(must(verify(*store)).first_bad);
  store.reset();
  EXPECT_EQ(holding("9990000000"), std::vector<std::string>()) << "what SQLite writes when it closes";
}

TEST_F(Erasing, ADeliveryIsStillFoundInTheRecordByItsHash) {
  finish();
  std::string before;
  for (const auto& line : must(store->deliveries(alert, delivery::DeliveryId(0), 100)))
    if (line.route == sms) before = line.recipient;
  ASSERT_EQ(before.size(), 32u);
  erase_all();
  std::string after;
  for (const auto& line : must(store->deliveries(alert, delivery::DeliveryId(0), 100)))
    if (line.route == sms) after = line.recipient;
  EXPECT_EQ(after, before);
  bool found = false;
  for (const auto& entry : must(store->record(0, 100))) found = found || entry.entry.find(after) != std::string::npos;
  EXPECT_TRUE(found);
}

TEST_F(Erasing, StandsOnTheRecordAndInTheList) {
  finish();
  const auto listed = must(store->ended_before(at(long_after)));
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].ended, at(3600));
  EXPECT_FALSE(listed[0].erased_at);
  EXPECT_FALSE(listed[0].open);
  erase_all(100);
  EXPECT_EQ(must(store->ended_before(at(long_after)))[0].erased_at, at(long_after));
  std::vector<std::string> kinds;
  for (const auto& entry : must(store->record(0, 100)))
    if (entry.kind.starts_with("eras")) kinds.push_back(entry.kind);
  EXPECT_EQ(kinds, (std::vector<std::string>{"erasing", "erased"}));
}

TEST_F(Erasing, OnlyWhatEndedBeforeIsListed) {
  EXPECT_TRUE(must(store->ended_before(at(3600))).empty());
  EXPECT_EQ(must(store->ended_before(at(3601))).size(), 1u);
  commit(*store, {delivery::Stop{alert, "halted", at(10)}});
  EXPECT_EQ(must(store->ended_before(at(11))).size(), 1u);
}

TEST_F(Erasing, AnAlertInForceOrWithOpenWorkIsRefused) {
  const auto in_force = store->erase_people(alert, at(10), 100);
  ASSERT_FALSE(in_force);
  EXPECT_EQ(in_force.error().text.id, "journal.erase_in_force");
  const auto open_work = store->erase_people(alert, at(long_after), 100);
  ASSERT_FALSE(open_work);
  EXPECT_EQ(open_work.error().kind, base::ErrorKind::refused);
  EXPECT_EQ(open_work.error().text.id, "journal.erase_open");
  EXPECT_EQ(must(store->ended_before(at(long_after)))[0].open->id, "journal.erase_open");
  EXPECT_FALSE(holding("99900000005").empty());
}

TEST_F(Erasing, WhatMayStillBeTakenBackIsKeptAlsoWhenItWasHalted) {
  finish();
  commit(*store, {delivery::Stop{alert, "halted", at(10)}});
  for (const auto early : {11, 3600, 3600 + 6 * 3600 - 1}) {
    const auto refused = store->erase_people(alert, at(early), 100);
    ASSERT_FALSE(refused) << early;
    EXPECT_EQ(refused.error().text.id, "journal.erase_may_be_taken_back");
  }
  EXPECT_TRUE(store->erase_people(alert, at(3600 + 6 * 3600), 100));
}

TEST_F(Erasing, AListThatCouldNeverBeReadToItsEndKeepsNobodyForEver) {
  auto other = release("urn:drill:2");
  auto never_made = plan(audience);
  other.canonical_plan = plan::canonical(never_made);
  const auto id = must(store->insert_release(other, std::string(64, 'e'), never_made)).alert;
  EXPECT_FALSE(store->erase_people(id, at(10), 100));
  EXPECT_TRUE(store->erase_people(id, at(long_after), 100));
}

TEST_F(Erasing, WhatAnAlertInForceFollowsIsKept) {
  finish();
  auto update = release("urn:drill:2");
  auto second = plan(audience);
  second.expires = at(long_after + 3600);
  must(store->insert_follow_up(update, std::string(64, 'f'), second, alert, "update urn:drill:2"));
  const auto refused = store->erase_people(alert, at(long_after), 100);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.id, "journal.erase_followed");
}

TEST_F(Erasing, GoesOnWhereItWasInterrupted) {
  finish();
  EXPECT_EQ(must(store->erase_people(alert, at(long_after), 1)).numbers, 1);
  store.reset();
  store = open(folder.path());
  EXPECT_EQ(erase_all(), 1);
  EXPECT_EQ(erase_all(), 0) << "again is nothing";
  EXPECT_FALSE(must(verify(*store)).first_bad);
}

ErasureReport all_of(SqliteStore& store, base::WallTime before, ErasePeople::What what) {
  auto erasing = must(ErasePeople::begin(store, before, at(long_after), what));
  while (must(erasing.step(store)) == ErasePeople::Progress::more) {
  }
  return erasing.report();
}

/// Snapshots tell their age by the file's own time.
void made(const std::filesystem::path& file, base::WallTime when) {
  std::filesystem::last_write_time(file, std::chrono::file_clock::from_sys(when));
}
void made_long_ago(const std::filesystem::path& file) { made(file, at(-60)); }

TEST_F(Erasing, RetentionTakesAlertsAndSnapshotsOfTheTimeBefore) {
  finish();
  const auto snapshots = folder.path() / "snapshots";
  made_long_ago(snapshots / (audience + ".db"));
  std::ofstream(snapshots / "never-released.db") << "+99900000007";
  made_long_ago(snapshots / "never-released.db");
  std::ofstream(snapshots / "of-today.db") << "+99900000008";
  made(snapshots / "of-today.db", at(long_after + 60));

  const auto trial = all_of(*store, at(long_after), ErasePeople::What::trial);
  ASSERT_EQ(trial.alerts.size(), 1u);
  EXPECT_EQ(trial.snapshots.size(), 2u);
  EXPECT_TRUE(std::filesystem::exists(snapshots / (audience + ".db")));
  EXPECT_FALSE(holding("99900000005").empty()) << "a trial erases nothing";

  const auto report = all_of(*store, at(long_after), ErasePeople::What::erase);
  EXPECT_EQ(report.numbers, 2);
  EXPECT_EQ(report.snapshots, trial.snapshots);
  EXPECT_FALSE(std::filesystem::exists(snapshots / (audience + ".db")));
  EXPECT_FALSE(std::filesystem::exists(snapshots / "never-released.db"));
  EXPECT_TRUE(std::filesystem::exists(snapshots / "of-today.db"));
  EXPECT_EQ(holding("99900000005"), std::vector<std::string>());
  EXPECT_EQ(all_of(*store, at(long_after), ErasePeople::What::erase).numbers, 0);
}

TEST_F(Erasing, RetentionLeavesAnOpenAlertAndItsSnapshotAlone) {
  auto other = release("urn:drill:2");
  const auto open_audience = snapshot(folder.path(), "+99900000009,id,port\n");
  auto open_plan = plan(open_audience);
  other.canonical_plan = plan::canonical(open_plan);
  const auto open_alert = must(store->insert_release(other, std::string(64, 'e'), open_plan)).alert;
  while (must(store->expand(open_alert, open_plan, 5000)).progress == Expanded::Progress::more) {
  }
  finish();
  for (const auto& digest : {audience, open_audience}) made_long_ago(folder.path() / "snapshots" / (digest + ".db"));
  const auto report = all_of(*store, at(long_after), ErasePeople::What::erase);
  ASSERT_EQ(report.alerts.size(), 2u);
  EXPECT_FALSE(report.alerts[0].open);
  ASSERT_TRUE(report.alerts[1].open);
  EXPECT_EQ(report.alerts[1].open->id, "journal.erase_open");
  EXPECT_EQ(report.snapshots, std::vector<std::string>{audience});
}

}  // namespace
}  // namespace broadcaster::journal
