// A feed in a folder, under everything that can happen to a disk: no room, no rights, another writer, kill -9 between
// any two calls to the system.
#include "channels/cap_feed/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/channels/cap_feed/support.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace fs = std::filesystem;

struct AFolder : testing::Test {
  AFolder() {
    char path[] = "/tmp/broadcaster-feed-XXXXXX";
    folder = ::mkdtemp(path);
  }
  ~AFolder() override {
    ::chmod(folder.c_str(), 0700);
    fs::remove_all(folder);
  }
  std::string content(const std::string& file) const { return base::read_file(folder / file).value_or("(none)"); }
  std::string tag(const std::string& file) const { return std::get<Found>(read_from(folder, {file})).tag; }
  fs::path folder;
};

template <class T>
bool is(const Answer& answer) {
  return std::holds_alternative<T>(answer);
}
std::string outcome(const Answer& answer) {
  const auto* failed = std::get_if<Failed>(&answer);
  return failed ? said(failed->outcome) : "(no failure)";
}

TEST_F(AFolder, WritesWhatWasExpectedAndNothingElse) {
  EXPECT_TRUE(is<Absent>(read_from(folder, {"a.xml"})));
  EXPECT_TRUE(is<Stored>(write_into(folder, {"a.xml", "one", "", std::nullopt})));
  EXPECT_TRUE(is<Changed>(write_into(folder, {"a.xml", "two", "", std::nullopt}))) << "something lies there";
  EXPECT_TRUE(is<Changed>(write_into(folder, {"a.xml", "two", "", "another tag"})));
  EXPECT_TRUE(is<Changed>(write_into(folder, {"b.xml", "two", "", tag("a.xml")}))) << "nothing lies there";
  EXPECT_EQ(content("a.xml"), "one");
  EXPECT_TRUE(is<Stored>(write_into(folder, {"a.xml", "two", "", tag("a.xml")})));
  EXPECT_EQ(content("a.xml"), "two");
}

// A halt that comes while the lock is waited for, or while the content goes to the disk, stops the byte.
TEST_F(AFolder, MayBeStoppedUntilTheRename) {
  ASSERT_TRUE(is<Stored>(write_into(folder, {"a.xml", "one", "", std::nullopt})));
  int asked = 0;
  const auto answer = write_into(folder, {"a.xml", "two", "", tag("a.xml")}, [&] {
    ++asked;
    EXPECT_EQ(content("a.xml"), "one");
    EXPECT_GT(std::distance(fs::directory_iterator(folder), {}), 2) << "the new file is whole, and beside it";
    return false;
  });
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(outcome(answer), "not_sent");
  EXPECT_EQ(content("a.xml"), "one");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 2) << "only the lock lies beside it";
  EXPECT_TRUE(is<Stored>(write_into(folder, {"a.xml", "two", "", tag("a.xml")}, [] { return true; })));
  EXPECT_EQ(content("a.xml"), "two");
}

TEST_F(AFolder, AHaltWhileTheLockIsWaitedForStopsTheByte) {
  const auto loop = net::Loop::create();
  net::Workers workers(*loop, 1);
  Folder place(folder, workers, *loop);
  const int lock = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT, 0644);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  bool halted = false;
  std::optional<Answer> answer;
  place.write(
      {"a.xml", "one", "", std::nullopt}, [&] { return !halted; },
      [&](Answer said) {
        answer = std::move(said);
        loop->stop();
      });
  loop->after(std::chrono::milliseconds(100), [&] {
    halted = true;
    ::close(lock);
  });
  loop->run();
  ASSERT_TRUE(answer);
  EXPECT_EQ(outcome(*answer), "not_sent");
  EXPECT_EQ(content("a.xml"), "(none)");
}

TEST_F(AFolder, AFolderThatIsNotThereIsNoEmptyFeed) {
  fs::remove_all(folder);
  EXPECT_EQ(outcome(read_from(folder, {"index.atom"})), "not_sent");
  EXPECT_EQ(outcome(write_into(folder, {"a.xml", "one", "", std::nullopt})), "not_sent");
  EXPECT_FALSE(fs::exists(folder)) << "it may be a disk that is not mounted: nothing is made in its place";
  fs::create_directory(folder);
}

TEST_F(AFolder, WithoutRightsNothingIsSentAndItIsTriedAgain) {
  if (::geteuid() == 0) {
    // Root may everything: a file in the folder's place is as good an obstacle.
    const auto file = folder / "no folder";
    std::ofstream(file) << "x";
    EXPECT_EQ(outcome(write_into(file, {"a.xml", "one", "", std::nullopt})), "not_sent");
    return;
  }
  ::chmod(folder.c_str(), 0500);
  EXPECT_EQ(outcome(write_into(folder, {"a.xml", "one", "", std::nullopt})), "not_sent");
  ::chmod(folder.c_str(), 0700);
  EXPECT_TRUE(is<Stored>(write_into(folder, {"a.xml", "one", "", std::nullopt})));
}

TEST_F(AFolder, WithoutRoomTheOldFileStaysAndNoHalfOneIsLeft) {
  ASSERT_TRUE(is<Stored>(write_into(folder, {"index.atom", "old", "", std::nullopt})));
  const auto old_tag = tag("index.atom");
  struct rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto answer = write_into(folder, {"index.atom", std::string(100'000, 'x'), "", old_tag});
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(outcome(answer), "not_sent");
  EXPECT_EQ(content("index.atom"), "old");
  for (const auto& entry : fs::directory_iterator(folder))
    EXPECT_EQ(entry.path().filename().string().find(".new."), std::string::npos) << entry.path();
  EXPECT_TRUE(is<Stored>(write_into(folder, {"index.atom", "new", "", old_tag}))) << "room again";
}

TEST_F(AFolder, ALockThatIsHeldIsWaitedForAndNotForEver) {
  const int held = ::open((folder / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(::flock(held, LOCK_EX), 0);
  EXPECT_EQ(outcome(write_into(folder, {"a.xml", "one", "", std::nullopt})), "not_sent");
  std::thread freed([&] {
    std::this_thread::sleep_for(200ms);
    ::close(held);
  });
  EXPECT_TRUE(is<Stored>(write_into(folder, {"a.xml", "one", "", std::nullopt})));
  freed.join();
}

TEST_F(AFolder, OfManyWritersAtOnceNoneLosesAnEntry) {
  // Each as publication.hpp does it: read, put in, write only instead of what was read.
  const auto add = [&](int number) {
    for (;;) {
      const auto there = read_from(folder, {"index.atom"});
      const auto* found = std::get_if<Found>(&there);
      const auto text = (found ? found->content : "") + std::to_string(number) + "\n";
      const auto answer =
          write_into(folder, {"index.atom", text, "", found ? std::optional(found->tag) : std::nullopt});
      if (is<Stored>(answer)) return;
      ASSERT_TRUE(is<Changed>(answer)) << outcome(answer);
    }
  };
  std::vector<pid_t> writers;
  for (int writer = 0; writer < 4; ++writer) {
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int i = 0; i < 10; ++i) add(writer * 10 + i);
      ::_exit(0);
    }
    writers.push_back(child);
  }
  for (const auto child : writers) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  const auto all = "\n" + content("index.atom");
  for (int i = 0; i < 40; ++i) EXPECT_NE(all.find("\n" + std::to_string(i) + "\n"), std::string::npos) << i;
}

TEST_F(AFolder, WhatACrashHasLeftIsCleanedAway) {
  std::ofstream(folder / "a.xml.new.4711") << "hal";
  std::ofstream(folder / "a.xml") << "whole";
  clean(folder);
  EXPECT_FALSE(fs::exists(folder / "a.xml.new.4711"));
  EXPECT_EQ(content("a.xml"), "whole");
}

/// Runs `work` in a child and kills it at its system call of that number. False: it had ended by then.
bool killed_at(int number, const std::function<void()>& work) {
  const auto child = ::fork();
  if (child == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  for (int stops = 0;; ++stops) {
    if (stops == number) ::kill(child, SIGKILL);
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);  // stops before a call and behind it
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status)) return false;
    if (WIFSIGNALED(status)) return true;
  }
}

TEST_F(AFolder, KilledBetweenAnyTwoCallsTheIndexIsTheOldOneOrTheNew) {
  const std::string old_index = atom({}, drill_frame(), noon()), new_index = atom({}, drill_frame(), noon() + 1h);
  int kills = 0, old_ones = 0, new_ones = 0;
  for (bool killed = true; killed; ++kills) {
    fs::remove(folder / "index.atom");
    ASSERT_TRUE(is<Stored>(write_into(folder, {"index.atom", old_index, "", std::nullopt})));
    const Write write{"index.atom", new_index, "", tag("index.atom")};
    killed = killed_at(kills, [&] { write_into(folder, write); });
    const auto there = content("index.atom");
    ASSERT_TRUE(there == old_index || there == new_index) << kills << ": " << there;
    (there == old_index ? old_ones : new_ones) += 1;
    // Whoever comes next gets its turn: no lock is left.
    clean(folder);
    EXPECT_TRUE(is<Stored>(write_into(folder, {"index.atom", new_index, "", tag("index.atom")})));
  }
  EXPECT_GT(old_ones, 10) << "it was killed before the rename";
  EXPECT_GT(new_ones, 1) << "and behind it";
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
