// The owner of the store: in order, answered where it was asked, and nothing left behind.
#include "broadcaster/journal/store_thread.hpp"

#include <gtest/gtest.h>

#include "broadcaster/journal/verify.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT

/// Stands for the loop: tasks of other threads, run here.
class Inbox {
 public:
  void post(Task task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !tasks_.empty(); });
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
  bool empty() {
    const std::lock_guard lock(mutex_);
    return tasks_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
};

struct OwnThread : testing::Test {
  Folder folder;
  Inbox inbox;
  std::unique_ptr<StoreThread> thread =
      std::make_unique<StoreThread>(open(folder.path()), [this](Task task) { inbox.post(std::move(task)); });
};

TEST_F(OwnThread, WorksInOrderAndAnswersWhereItWasAsked) {
  std::vector<std::int64_t> codes;
  const auto here = std::this_thread::get_id();
  for (int i = 0; i < 20; ++i)
    thread->run(
        [here](SqliteStore& store) {
          EXPECT_NE(std::this_thread::get_id(), here);
          return store.reserve_code();
        },
        [&](base::Result<std::int64_t> code) {
          EXPECT_EQ(std::this_thread::get_id(), here);
          codes.push_back(must(std::move(code)));
        });
  for (int i = 0; i < 20; ++i) inbox.run_one();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(codes.at(static_cast<std::size_t>(i)), i + 1);
}

TEST_F(OwnThread, FinishesWhatIsQueuedBeforeItStops) {
  int answered = 0;
  for (int i = 0; i < 50; ++i)
    thread->run([](SqliteStore& store) { return store.save("key", "value"); },
                [&](base::Result<void> saved) { answered += saved ? 1 : 0; });
  thread.reset();
  while (!inbox.empty()) inbox.run_one();
  EXPECT_EQ(answered, 50);
}

TEST_F(OwnThread, AtItsEndTheHeadOfTheRecordIsKeptApart) {
  thread->run([](SqliteStore& store) { return store.reserve_code(); }, [](base::Result<std::int64_t>) {});
  thread.reset();
  const auto head = must(read_record_head(folder.path()));
  ASSERT_TRUE(head);
  const auto report = must(verify(folder.path()));
  EXPECT_EQ(report.head, *head);
  EXPECT_FALSE(report.first_bad);
}

TEST_F(OwnThread, ManyThreadsMayHandInWork) {
  std::vector<std::thread> others;
  for (int t = 0; t < 4; ++t)
    others.emplace_back([this] {
      for (int i = 0; i < 10; ++i)
        thread->run([](SqliteStore& store) { return store.reserve_code(); }, [](base::Result<std::int64_t>) {});
    });
  for (auto& other : others) other.join();
  for (int i = 0; i < 40; ++i) inbox.run_one();
  std::int64_t last = 0;
  thread->run([](SqliteStore& store) { return store.reserve_code(); },
              [&](base::Result<std::int64_t> code) { last = *code; });
  inbox.run_one();
  EXPECT_EQ(last, 41);
}

}  // namespace
}  // namespace broadcaster::journal
