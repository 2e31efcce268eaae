// The power goes at every call to the disk: nothing that was acknowledged is lost, and the file is whole.
#include <fmt/core.h>
#include <sqlite3.h>

#include "broadcaster/journal/verify.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

/// Works until the disk dies; returns the number of the last entry that was acknowledged.
std::int64_t work(const FaultyDisk& disk) {
  const auto opened = SqliteStore::open("/power", alert::Mode::drill, {.vfs = disk.name()});
  if (!opened) return 0;
  auto& store = **opened;
  std::int64_t acknowledged = store.record_head().first;
  const auto keep = [&](const auto& result) {
    if (result) acknowledged = store.record_head().first;
    return result.has_value();
  };
  const auto what = plan();
  const auto inserted = store.insert_release(release(), std::string(digest), what);
  if (!keep(inserted)) return acknowledged;
  for (int i = 0; i < 3; ++i)
    if (!keep(store.expand(inserted->alert, what, 2))) return acknowledged;
  for (const auto route : {sirens, toots}) {
    const auto claimed = store.claim(inserted->alert, route, at(1), 10);
    if (!claimed) return acknowledged;
    for (const auto& row : claimed->rows) {
      const std::vector<delivery::Change> sent = {intend(row, "toots")};
      if (!keep(store.commit(sent))) return acknowledged;
      const std::vector<delivery::Change> answered = {settle(row, State::accepted, "r" + row.recipient)};
      if (!keep(store.commit(answered))) return acknowledged;
      const std::vector<delivery::Change> proven = {prove(row.id, delivery::Proof::confirmed)};
      if (!keep(store.commit(proven))) return acknowledged;
      // A receipt that comes before the answer that it is about.
      const std::vector<delivery::Change> early = {prove(delivery::Ref{"of nobody yet"}, delivery::Proof::failed)};
      if (!keep(store.commit(early))) return acknowledged;
      break;
    }
  }
  if (!keep(store.save("token", "value")) || !keep(store.note("approved", "{}", at(2)))) return acknowledged;
  if (!keep(store.reserve_code())) return acknowledged;
  auto follow_up = release("urn:drill:2");
  follow_up.false_alarm = true;
  if (!keep(store.insert_follow_up(follow_up, std::string(digest), what, inserted->alert, "false alarm")))
    return acknowledged;
  while (true) {
    const auto swept = store.sweep(inserted->alert, State::cancelled, "false alarm", at(3), 2);
    if (!keep(swept)) return acknowledged;
    if (swept->empty()) break;
  }
  store.tend();
  return acknowledged;
}

void expect_consistent(SqliteStore& store) {
  for (const auto alert : must(store.alerts())) {
    std::map<RouteIndex, StateCounts> counted;
    for (const auto& line : must(store.deliveries(alert, delivery::DeliveryId(0), 1000)))
      ++counted[line.route][line.state];
    EXPECT_EQ(must(store.status(alert)).routes, counted);
  }
}

/// SQLite's own word on every page and index.
void expect_whole(const FaultyDisk& disk) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open_v2("/power/journal.db", &db, SQLITE_OPEN_READWRITE, disk.name().c_str()), SQLITE_OK);
  std::string said;
  sqlite3_exec(
      db, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA integrity_check",
      [](void* text, int, char** values, char**) {
        *static_cast<std::string*>(text) = values[0];
        return 0;
      },
      &said, nullptr);
  sqlite3_close(db);
  EXPECT_EQ(said, "ok");
}

void cut_everywhere(FaultyDisk::Unsynced unsynced) {
  std::int64_t calls = 0;
  {
    FaultyDisk whole("whole");
    work(whole);
    calls = whole.calls();
  }
  ASSERT_GT(calls, 100);
  std::int64_t entries = 0;
  for (std::int64_t call = 0; call < calls; ++call) {
    FaultyDisk disk("power");
    disk.die_at(call);
    const auto acknowledged = work(disk);
    disk.cut(unsynced, static_cast<std::uint32_t>(call));
    entries += acknowledged;
    auto store = open("/power", {.vfs = disk.name()});
    EXPECT_GE(store->record_head().first, acknowledged) << "power cut at call " << call;
    const auto report = must(verify(*store));
    EXPECT_FALSE(report.first_bad) << "power cut at call " << call;
    expect_consistent(*store);
    store.reset();
    expect_whole(disk);
  }
  testing::Test::RecordProperty("cuts", static_cast<int>(calls));
  testing::Test::RecordProperty("acknowledged", static_cast<int>(entries));
  fmt::print("  {} power cuts, {} acknowledged transactions, all there\n", calls, entries);
}

TEST(PowerCut, WithEveryUnsyncedWriteLostNothingAcknowledgedIs) { cut_everywhere(FaultyDisk::Unsynced::dropped); }
TEST(PowerCut, WithUnsyncedWritesTornNothingAcknowledgedIs) { cut_everywhere(FaultyDisk::Unsynced::subset_and_torn); }

/// The process ends where the disk fails, its successor opens the journal and reads, and then the power goes.
void cut_after_a_restart(FaultyDisk::FailedSync failed_sync) {
  std::int64_t calls = 0;
  {
    FaultyDisk whole("whole");
    work(whole);
    calls = whole.calls();
  }
  int found_more = 0;
  for (std::int64_t call = 0; call < calls; ++call) {
    FaultyDisk disk("restart");
    disk.failed_sync(failed_sync);
    disk.die_at(call);
    const auto acknowledged = work(disk);
    disk.die_at(-1);
    auto store = open("/power", {.vfs = disk.name()});
    const auto read = store->record_head();
    found_more += read.first > acknowledged ? 1 : 0;
    disk.die_at(disk.calls());
    store.reset();
    disk.cut(FaultyDisk::Unsynced::dropped, static_cast<std::uint32_t>(call));
    store = open("/power", {.vfs = disk.name()});
    EXPECT_TRUE(store->record_head() == read) << "the disk fails at call " << call;
    EXPECT_FALSE(must(verify(*store)).first_bad) << "the disk fails at call " << call;
    store.reset();
    expect_whole(disk);
  }
  EXPECT_GT(found_more, 0) << "nothing was ever in doubt: this test sees nothing";
}

TEST(PowerCut, WhatAStartHasReadIsOnDisk) { cut_after_a_restart(FaultyDisk::FailedSync::keeps); }
TEST(PowerCut, WhatAStartHasReadIsOnDiskAlsoWhereAFailedSyncForgets) {
  cut_after_a_restart(FaultyDisk::FailedSync::forgets);
}

}  // namespace
}  // namespace broadcaster::journal
