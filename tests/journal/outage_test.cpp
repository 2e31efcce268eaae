// A disk that fails under a write and comes back: what was handed in is written once, whatever the disk had of it.
#include "broadcaster/journal/outage.hpp"

#include <gtest/gtest.h>

#include "broadcaster/journal/verify.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

/// What StoreThread makes of a work that must not be lost.
template <class Work, class Result>
Job until_written(Work work, std::optional<Result>& answer) {
  return [work, &answer](SqliteStore& store) mutable {
    auto result = work(store);
    if (!result && store.broken()) return Ran::failed;
    answer = must(std::move(result));
    return Ran::done;
  };
}

/// Calls `act` on new disks that die at the first, second, … file call of it, until one has lived through it all.
template <class Act>
int at_every_file_call(Act act) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE("the disk dies at file call " + std::to_string(n));
    FaultyDisk disk("outage");
    if (act(disk, n)) return n;
    if (testing::Test::HasFailure()) return n;
  }
}

TEST(Outage, ACodeIsGivenOnceWhereverTheDiskFails) {
  const int calls = at_every_file_call([](FaultyDisk& disk, int n) {
    auto store = open("/outage", {.vfs = disk.name()});
    must(store->reserve_code());
    Outage outage;
    std::optional<std::int64_t> second, third;
    disk.die_at(disk.calls() + n);
    const auto reserve = [](SqliteStore& s) { return s.reserve_code(); };
    outage.run(until_written(reserve, second), *store);
    const bool lived = !outage.lasts(*store);
    outage.run(until_written(reserve, third), *store);
    outage.try_again(*store);
    disk.die_at(-1);
    if (outage.lasts(*store)) outage.try_again(*store);
    EXPECT_FALSE(outage.lasts(*store));
    EXPECT_EQ(second, 2);
    EXPECT_EQ(third, 3);
    EXPECT_FALSE(must(verify(*store)).first_bad);
    return lived;
  });
  EXPECT_GT(calls, 2);
}

TEST(Outage, ACommitIsDoneOnceAndAnswersWhatItMoved) {
  const int calls = at_every_file_call([](FaultyDisk& disk, int n) {
    auto store = open("/outage", {.vfs = disk.name()});
    const auto drill = plan();
    const auto alert = must(store->insert_release(release(), std::string(digest), drill)).alert;
    Outage outage;
    std::optional<Expanded> expanded;
    disk.die_at(disk.calls() + n);
    outage.run(until_written([&](SqliteStore& s) { return s.expand(alert, drill, 100); }, expanded), *store);
    disk.die_at(-1);
    if (outage.lasts(*store)) outage.try_again(*store);
    EXPECT_TRUE(expanded && expanded->added[sirens] == siren_count) << "also where the rows had been written";
    const auto rows = must(store->claim(alert, sirens, at(10), 1)).rows;
    EXPECT_EQ(rows.size(), 1u);

    const std::vector<delivery::Change> changes = {
        delivery::Intend{{rows[0].id, 1}, plan::EndpointName("sirens"), at(11)}};
    std::optional<std::vector<delivery::Moved>> moved;
    disk.die_at(disk.calls() + n);
    outage.run(until_written([&](SqliteStore& s) { return s.commit(changes); }, moved), *store);
    const bool lived = !outage.lasts(*store);
    disk.die_at(-1);
    if (outage.lasts(*store)) outage.try_again(*store);
    EXPECT_TRUE(moved && moved->size() == 1 && moved->front().to == State::sent);
    must(store->commit(std::vector<delivery::Change>{delivery::Settle{.attempt = {rows[0].id, 1},
                                                                      .to = State::pending,
                                                                      .outcome = "not_sent",
                                                                      .why = {},
                                                                      .ref = {},
                                                                      .memo = {},
                                                                      .due = at(12),
                                                                      .at = at(12)}}));
    EXPECT_EQ(must(store->claim(alert, sirens, at(20), 10)).rows.size(), static_cast<std::size_t>(siren_count));
    EXPECT_FALSE(must(verify(*store)).first_bad);
    return lived;
  });
  EXPECT_GT(calls, 2);
}

TEST(Outage, LastsWhileTheDiskIsFullAndIsOverWhenThereIsRoom) {
  FaultyDisk disk("full");
  auto store = open("/full", {.vfs = disk.name()});
  disk.space(0);
  Outage outage;
  std::optional<std::int64_t> code;
  outage.run(until_written([](SqliteStore& s) { return s.reserve_code(); }, code), *store);
  for (int i = 0; i < 3; ++i) outage.try_again(*store);
  EXPECT_TRUE(outage.lasts(*store));
  ASSERT_TRUE(store->failure());
  EXPECT_EQ(store->failure()->text.id, "journal.disk_full");
  EXPECT_TRUE(must(store->alerts()).empty()) << "reading goes on";
  disk.space(std::int64_t{1} << 30);
  outage.try_again(*store);
  EXPECT_FALSE(outage.lasts(*store));
  EXPECT_EQ(code, 1);
}

TEST(Outage, AFileThatHasLostWhatWasAcknowledgedIsNotGoneOnWith) {
  FaultyDisk disk("lost");
  auto store = open("/lost", {.vfs = disk.name()});
  auto before = disk.files;
  for (auto& [_, file] : before) file = std::make_shared<FaultyDisk::File>(*file);
  must(store->reserve_code());
  disk.die_at(disk.calls());
  EXPECT_FALSE(store->reserve_code());
  disk.files = before;
  disk.die_at(-1);
  const auto reopened = store->reopen(SqliteStore::Repeats::no);
  ASSERT_FALSE(reopened);
  EXPECT_EQ(reopened.error().kind, base::ErrorKind::unavailable);
  EXPECT_TRUE(store->broken());
}

}  // namespace
}  // namespace broadcaster::journal
