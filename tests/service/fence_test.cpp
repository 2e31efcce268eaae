// The place that two machines see: who owns, who has left, and what many at once and a share that is gone make of it.
#include "broadcaster/service/fence.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "broadcaster/base/files.hpp"
#include "broadcaster/net/loop.hpp"
#include "broadcaster/service/fence_watch.hpp"
#include "broadcaster/service/take_over.hpp"
#include "tests/approval/fixture.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::service {
namespace {

using namespace journal::sample;  // NOLINT
using Before = FencedOff::Before;

base::WallTime at(int minute) { return approval::at(2, minute); }

struct FenceTest : testing::Test {
  /// A state that was restored from a copy of the one before.
  std::unique_ptr<journal::SqliteStore> restored(const std::string& name) {
    auto store = open(folder.path() / name);
    must(mark_restored(*store, at(1), at(2)));
    return store;
  }
  base::Result<FencedOff> claim(journal::SqliteStore& store, const std::string& by,
                                base::milliseconds patience = base::milliseconds(1)) {
    return fence_off(fence, store, must(read_standing(store)), by, at(3), patience);
  }
  static std::filesystem::path made(std::filesystem::path path) {
    std::filesystem::create_directories(path);
    return path;
  }
  Folder folder;
  std::filesystem::path shared = made(folder.path() / "shared");
  const Fence fence{shared, "tirtapura", alert::Mode::drill};
};

TEST_F(FenceTest, TheHighestEpochOwns) {
  EXPECT_EQ(must(fence.owner()), std::nullopt);
  for (const auto epoch : {0, 9, 10}) EXPECT_EQ(must(fence.claim({epoch, "m", at(epoch), "c"})), Fence::Claimed::done);
  EXPECT_EQ(must(fence.owner()), (FenceMark{10, "m", at(10), "c"}));
  EXPECT_EQ(must(fence.owner(10))->epoch, 9);
  EXPECT_EQ(must(Fence(shared, "tirtapura", alert::Mode::live).owner()), std::nullopt) << "each mode its own";
}

TEST_F(FenceTest, AMarkThatIsHalfWrittenCounts) {
  must(base::write_file(shared / "tirtapura-drill.owner-3", "{\"at\":"));
  EXPECT_EQ(must(fence.owner())->epoch, 3);
  must(base::write_file(shared / "tirtapura-drill.owner-99999999", ""));  // nobody's
  must(base::write_file(shared / "tirtapura-drill.owner-4.new.17", ""));
  EXPECT_EQ(must(fence.owner())->epoch, 3);
}

TEST_F(FenceTest, AShareThatIsNotThereIsNoEmptyPlace) {
  const Fence gone(folder.path() / "not-mounted", "tirtapura", alert::Mode::live);
  EXPECT_EQ(gone.owner().error().text.id, "service.fence_unreadable");
  auto store = restored("second");
  EXPECT_EQ(fence_off(gone, *store, must(read_standing(*store)), "c", at(3), base::milliseconds(1)).error().kind,
            base::ErrorKind::unavailable);
}

TEST_F(FenceTest, OfManyThatTakeOverInOneMomentOneDoes) {
  must(fence.claim({0, "first", at(0), ""}));
  constexpr int machines = 8;
  std::latch begin(machines);
  std::vector<int> done(machines), raced(machines);
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < machines; ++i)
      all.emplace_back([&, i] {
        begin.arrive_and_wait();
        const auto claimed = must(fence.claim({1, "same name", at(1), std::to_string(i)}));
        (claimed == Fence::Claimed::done ? done : raced)[static_cast<std::size_t>(i)] = 1;
      });
  }
  EXPECT_EQ(std::count(done.begin(), done.end(), 1), 1);
  EXPECT_EQ(std::count(raced.begin(), raced.end(), 1), machines - 1);
  const auto winner = std::find(done.begin(), done.end(), 1) - done.begin();
  EXPECT_EQ(must(fence.owner())->claim, std::to_string(winner));
}

TEST_F(FenceTest, WhoWasSecondBeginsAgainAndOwns) {
  auto second = restored("second"), third = restored("third");
  EXPECT_EQ(must(claim(*second, "second")).epoch, 1);
  const auto later = must(claim(*third, "third"));
  EXPECT_EQ(later.epoch, 2);
  EXPECT_EQ(later.before, Before::silent) << "the second has not said that it has left";
  EXPECT_TRUE(outranks(*must(fence.owner()), 1, "second"));
}

TEST_F(FenceTest, TheOldMachinesWordIsOfItsOwnEpoch) {
  must(fence.claim({0, "first", at(0), ""}));
  auto second = restored("second");
  EXPECT_EQ(must(claim(*second, "second")).before, Before::silent);
  const LastWord word{"first", at(4), {"TL2"}, {"TL1"}};
  must(fence.say_left(0, word));
  auto third = restored("third");
  EXPECT_EQ(must(claim(*third, "third")).before, Before::silent) << "the first has left; the second may be running";
  const auto again = must(claim(*second, "another claim"));
  EXPECT_EQ(again.epoch, 3) << "its own claim was passed over";
}

TEST_F(FenceTest, ATakeOverThatBrokeOffGoesOnWithItsClaim) {
  must(fence.claim({0, "first", at(0), ""}));
  auto second = restored("second");
  EXPECT_EQ(must(claim(*second, "the claim")).before, Before::silent);
  const LastWord word{"first", at(4), {}, {"TL1"}};
  must(fence.say_left(0, word));
  const auto again = must(claim(*second, "another claim"));
  EXPECT_EQ(again.epoch, 1);
  EXPECT_EQ(again.before, Before::left);
  EXPECT_EQ(again.word, word);
}

TEST_F(FenceTest, WhereNobodyHasStoodAPersonMakesSure) {
  auto second = restored("second");
  EXPECT_EQ(must(claim(*second, "second")).before, Before::unseen);
}

TEST(Outranks, ANeverTakenOverStateIsNotKeptOutByAnotherOfItsKind) {
  EXPECT_FALSE(outranks({0, "first", at(0), ""}, 0, "")) << "a drill in a new folder";
  EXPECT_TRUE(outranks({1, "second", at(0), "x"}, 0, ""));
  EXPECT_FALSE(outranks({1, "second", at(0), "x"}, 1, "x"));
  EXPECT_TRUE(outranks({1, "second", at(0), "x"}, 1, "y")) << "both took over without the place";
  EXPECT_FALSE(outranks({1, "second", at(0), "x"}, 2, "y"));
}

struct WatchTest : FenceTest {
  WatchTest() {
    watch.emplace(*loop, clock, fence, Standing{},
                  FenceWatch::Handlers{.on_fenced =
                                           [this](const FenceMark& mark) {
                                             fenced = mark;
                                             loop->stop();
                                           },
                                       .on_trouble =
                                           [this](const std::optional<base::Text>& text) {
                                             trouble.push_back(text.has_value());
                                             if (on_look) on_look();
                                           }});
    watch->start();
  }
  /// The real one, and the sleep of the laptop.
  struct SleepyClock final : base::Clock {
    base::Now now() const override {
      auto now = base::SystemClock().now();
      now.wall += slept;
      return now;
    }
    base::milliseconds slept{0};
  } clock;
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  std::optional<FenceMark> fenced;
  std::vector<bool> trouble;
  std::function<void()> on_look;
  std::optional<FenceWatch> watch;
};

TEST_F(WatchTest, ASharedPlaceThatIsGoneForAWhileKeepsNobodyFromSeeingTheMarkLater) {
  must(fence.claim({0, "first", at(0), ""}));
  on_look = [this] {
    if (trouble.size() == 1) std::filesystem::rename(shared, folder.path() / "away");
    if (trouble.size() == 2) {
      std::filesystem::rename(folder.path() / "away", shared);
      must(fence.claim({1, "second", at(1), "c"}));
    }
  };
  loop->run();
  EXPECT_EQ(fenced->machine, "second");
  EXPECT_EQ(trouble, (std::vector<bool>{false, true}));
}

TEST_F(WatchTest, WhoHasSleptDoesNotKnowBeforeItHasLookedAgain) {
  EXPECT_TRUE(watch->fresh());
  clock.slept = std::chrono::hours(8);
  EXPECT_FALSE(watch->fresh());
  on_look = [this] { loop->stop(); };
  loop->run();
  EXPECT_TRUE(watch->fresh()) << "nobody has taken over meanwhile";
}

TEST_F(FenceTest, TheNewestSignedSetIsKnownToWhoeverComesNext) {
  const base::milliseconds patience = std::chrono::seconds(20);
  EXPECT_EQ(must(fence.newest_set_within(patience)), std::nullopt);
  for (const auto number : {9, 10, 2}) must(fence.say_set({number, "d" + std::to_string(number), "old"}, at(1)));
  must(fence.say_set({10, "another", "new"}, at(2)));
  EXPECT_EQ(must(fence.newest_set_within(patience)), (SetMark{10, "d10", "old"})) << "said once";
  EXPECT_EQ(must(fence.owner()), std::nullopt) << "no mark of an owner";
  EXPECT_FALSE(Fence(shared / "not-mounted", "tirtapura", alert::Mode::live).newest_set_within(patience).has_value());
}

}  // namespace
}  // namespace broadcaster::service
