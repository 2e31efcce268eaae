#include "broadcaster/net/loop.hpp"

#include <csignal>
#include <thread>

#include "broadcaster/net/workers.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::net {
namespace {

TEST(Loop, TimersFireInTheOrderOfTheirTimesAndNotBefore) {
  const auto loop = Loop::create();
  const auto start = std::chrono::steady_clock::now();
  std::vector<int> fired;
  loop->after(milliseconds{20}, [&] {
    EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds{20});
    fired.push_back(2);
    loop->stop();
  });
  loop->after(milliseconds{5}, [&] { fired.push_back(1); });
  loop->after(milliseconds{-5}, [&] { fired.push_back(0); });
  loop->run();
  EXPECT_EQ(fired, (std::vector{0, 1, 2}));
}

TEST(Loop, ACancelledTimerDoesNotFire) {
  const auto loop = Loop::create();
  bool fired = false;
  std::optional<TimerId> timer;
  // Due first however slowly this goes on; when it runs, the other may be due as well.
  loop->after(milliseconds{0}, [&] { loop->cancel(*timer); });
  timer = loop->after(milliseconds{1}, [&] { fired = true; });
  loop->after(milliseconds{10}, [&] { loop->stop(); });
  loop->run();
  EXPECT_FALSE(fired);
  loop->cancel(*timer);
}

TEST(Loop, ATimerWithoutDelayThatStartsItselfAgainLeavesRoomForOthers) {
  const auto loop = Loop::create();
  int turns = 0;
  std::function<void()> again = [&] {
    ++turns;
    loop->after(milliseconds{0}, [&] { again(); });
  };
  again();
  loop->post([&] { loop->post([&] { loop->stop(); }); });
  loop->run();
  EXPECT_LT(turns, 100);
}

TEST(Loop, ManyTimersAreCheap) {
  const auto loop = Loop::create();
  int fired = 0;
  std::vector<TimerId> timers;
  for (int i = 0; i < 100'000; ++i)
    timers.push_back(loop->after(milliseconds{i % 50}, [&] {
      if (++fired == 50'000) loop->stop();
    }));
  for (std::size_t i = 0; i < timers.size(); i += 2) loop->cancel(timers[i]);
  loop->run();
  EXPECT_EQ(fired, 50'000);
}

TEST(Loop, PostsFromOtherThreadsArriveInOrder) {
  const auto loop = Loop::create();
  std::vector<int> seen;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop->post([&seen, i] { seen.push_back(i); });
    loop->post([&] { loop->stop(); });
  });
  loop->run();
  other.join();
  ASSERT_EQ(seen.size(), 1000u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Loop, StopBeforeRunIsNotForgotten) {
  const auto loop = Loop::create();
  loop->stop();
  loop->run();
  SUCCEED();  // returned
}

TEST(Loop, ASignalIsATask) {
  const auto loop = Loop::create();
  int got = 0;
  loop->on_signal({SIGUSR1}, [&](int number) {
    got = number;
    loop->stop();
  });
  loop->post([] { std::raise(SIGUSR1); });
  loop->run();
  EXPECT_EQ(got, SIGUSR1);
}

TEST(Loop, TheWatchdogSeesAHandlerThatHoldsTheLoop) {
  const auto loop = Loop::create();
  loop->post([] {});
  loop->post([&] { loop->stop(); });
  loop->run();
  EXPECT_EQ(loop->slow_turns(), 0u);
  loop->post([&] {
    const auto end = std::chrono::steady_clock::now() + milliseconds{12};
    while (std::chrono::steady_clock::now() < end) {
    }
    loop->stop();
  });
  loop->run();
  EXPECT_EQ(loop->slow_turns(), 1u);
  EXPECT_GE(loop->worst_gap(), milliseconds{12});
  loop->restart_watch();
  EXPECT_EQ(loop->slow_turns(), 0u);
  EXPECT_EQ(loop->worst_gap().count(), 0);
}

TEST(Workers, WorkRunsElsewhereAndItsEndOnTheLoop) {
  const auto loop = Loop::create();
  Workers workers(*loop);
  std::thread::id worker, end;
  int value = 0;
  ASSERT_TRUE(workers.run(
      [&] {
        worker = std::this_thread::get_id();
        value = 42;
      },
      [&] {
        end = std::this_thread::get_id();
        EXPECT_EQ(value, 42);
        loop->stop();
      }));
  loop->run();
  EXPECT_NE(worker, std::this_thread::get_id());
  EXPECT_EQ(end, std::this_thread::get_id());
}

TEST(Workers, AFullQueueRefuses) {
  const auto loop = Loop::create();
  std::mutex gate;
  std::unique_lock closed(gate);
  int ends = 0;
  std::atomic<int> begun = 0;
  Workers workers(*loop, 1, 2);
  const auto job = [&] {
    ++begun;
    std::lock_guard wait(gate);
  };
  const auto end = [&] { ++ends; };
  ASSERT_TRUE(workers.run(job, end));
  ASSERT_TRUE(run_until(*loop, [&] { return begun == 1; }));
  EXPECT_TRUE(workers.run(job, end));
  EXPECT_TRUE(workers.run(job, end));
  EXPECT_FALSE(workers.run(job, end));
  closed.unlock();
  EXPECT_TRUE(run_until(*loop, [&] { return ends == 3; }));
}

TEST(Workers, NoEndIsCalledAfterTheyAreGone) {
  const auto loop = Loop::create();
  bool ended = false;
  std::atomic<bool> ran = false;
  {
    Workers workers(*loop, 1);
    ASSERT_TRUE(workers.run([&] { ran = true; }, [&] { ended = true; }));
    while (!ran) std::this_thread::yield();
  }
  loop->post([&] { loop->stop(); });
  loop->run();
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace broadcaster::net
