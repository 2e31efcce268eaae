// Room for the worst hour.
#include "broadcaster/journal/ballast.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <future>

#include "broadcaster/journal/disk_space.hpp"
#include "broadcaster/journal/store_thread.hpp"
#include "broadcaster/journal/verify.hpp"
#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

std::uint64_t blocks_of(const std::filesystem::path& file) {
  struct stat about{};
  return ::stat(file.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_blocks) * 512 : 0;
}

TEST(Ballast, IsMadeOfBlocksAndGivenUpOnce) {
  Folder folder;
  Ballast ballast(folder.path(), 1 << 20);
  EXPECT_FALSE(ballast.stands());
  ASSERT_TRUE(ballast.make());
  EXPECT_TRUE(ballast.stands());
  EXPECT_GE(blocks_of(folder.path() / "ballast"), std::uint64_t{1} << 20) << "a hole would free nothing";
  EXPECT_EQ(ballast.give_up(), Ballast::GaveUp::room);
  EXPECT_EQ(ballast.give_up(), Ballast::GaveUp::nothing);
  EXPECT_FALSE(ballast.stands());
  EXPECT_TRUE(ballast.make()) << "again, when there is room";
}

TEST(Ballast, NoneIsWanted) {
  Folder folder;
  Ballast ballast(folder.path(), 0);
  EXPECT_TRUE(ballast.make());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "ballast"));
}

TEST(Ballast, DoesNotFillADiskThatIsNearlyFull) {
  Folder folder;
  Ballast ballast(folder.path(), *free_bytes(folder.path()) / 4 * 3);
  const auto made = ballast.make();
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text.id, "journal.no_ballast");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "ballast"));
}

/// The answer of a work on the store's thread.
template <class Work>
auto answer(StoreThread& store, Work work) {
  using Result = std::invoke_result_t<Work, SqliteStore&>;
  auto promise = std::make_shared<std::promise<Result>>();
  auto future = promise->get_future();
  store.run(std::move(work), [promise](Result result) { promise->set_value(std::move(result)); });
  return future.get();
}

TEST(StoreThread, RoomThatIsMadeInTimeIsNoOutage) {
  FaultyDisk disk("relief");
  const auto run_now = [](Task task) { task(); };
  std::atomic<int> outages = 0;
  std::promise<base::Result<void>> saved;
  {
    StoreThread store(open("/relief", {.vfs = disk.name()}), run_now);
    store.on_health([&](const std::optional<base::Error>&) { ++outages; });
    store.on_failure([&](const base::Error& failure) {
      EXPECT_EQ(failure.text.id, "journal.disk_full");
      disk.space(std::int64_t{1} << 40);
      return true;
    });
    answer(store, [&](SqliteStore&) -> base::Result<void> {
      disk.space(0);
      return {};
    });
    store.run_until_written([](SqliteStore& s) { return s.save("halt", std::string(5000, 'x')); },
                            [&](base::Result<void> result) { saved.set_value(std::move(result)); });
    EXPECT_TRUE(saved.get_future().get());
    EXPECT_EQ(answer(store, [](SqliteStore& s) { return s.load("halt"); }).value()->size(), 5000u);
    EXPECT_FALSE(answer(store, [](SqliteStore& s) { return verify(s); })->first_bad);
  }
  EXPECT_EQ(outages, 0);
}

// A disk of 12 MiB that is full to the last byte.
TEST(Ballast, AFullDiskStillTakesAHalt) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounting a small disk needs root";
  Folder folder;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=12m") != 0)
    GTEST_SKIP() << "no disk of one's own can be mounted here";
  auto ballast = std::make_shared<Ballast>(folder.path(), 4 << 20);
  auto opened = open(folder.path());
  ASSERT_TRUE(ballast->make());
  const auto alert = released(*opened);
  {
    StoreThread store(std::move(opened), [](Task task) { task(); });
    store.on_failure([ballast](const base::Error& failure) { return ballast->relieve(failure); });
    {
      std::ofstream filler(folder.path() / "filler");
      const std::string block(4096, 'f');
      while (filler.write(block.data(), 4096) && filler.flush()) {
      }
    }
    EXPECT_EQ(*free_bytes(folder.path()), 0u);
    // Bigger than what the last block of the WAL still holds.
    std::promise<base::Result<void>> written;
    store.run_until_written([](SqliteStore& s) { return s.save("proof", std::string(100'000, 'p')); },
                            [&](base::Result<void> result) { written.set_value(std::move(result)); });
    EXPECT_TRUE(written.get_future().get());
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "ballast"));
    EXPECT_TRUE(answer(store, [alert](SqliteStore& s) {
      return s.commit(std::vector<delivery::Change>{delivery::Stop{alert, "halted", at(60)}});
    }));
    EXPECT_TRUE(answer(store, [alert](SqliteStore& s) { return s.pulse(alert); })->stopped_at);
    std::filesystem::remove(folder.path() / "filler");
    EXPECT_TRUE(ballast->make()) << "there is room again";
  }
  ::umount2(folder.path().c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace broadcaster::journal
