// What a siren remembers over a power failure, as it stands on disk.
#include "channels/siren/agent/memory_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "broadcaster/base/files.hpp"

namespace broadcaster::channels::siren {
namespace {

namespace fs = std::filesystem;

struct MemoryOnDisk : testing::Test {
  MemoryOnDisk() {
    char name[] = "/tmp/siren-memory-XXXXXX";
    folder = ::mkdtemp(name);
    file = folder / "memory.json";
  }
  ~MemoryOnDisk() override {
    std::error_code error;
    fs::remove_all(folder, error);
  }
  static std::string state(std::uint64_t counter) {
    Memory memory;
    memory.counters["tirtapura-drill"] = counter;
    return write(memory);
  }
  std::uint64_t counter_after_a_power_failure() {
    MemoryFile again(file, "siren-01");
    const auto loaded = again.load();
    health = loaded.health;
    const auto found = loaded.memory.counters.find("tirtapura-drill");
    return found == loaded.memory.counters.end() ? 0 : found->second;
  }
  void add(const std::string& text) { std::ofstream(file, std::ios::app | std::ios::binary) << text; }

  fs::path folder, file;
  MemoryFile::Health health = MemoryFile::Health::good;
};

TEST_F(MemoryOnDisk, TheLastStateCounts) {
  {
    MemoryFile memory(file, "siren-01");
    EXPECT_TRUE(memory.load().memory.counters.empty());
    for (const std::uint64_t counter : {7, 8, 9}) ASSERT_TRUE(memory.save(state(counter)));
  }
  EXPECT_EQ(counter_after_a_power_failure(), 9U);
  EXPECT_EQ(health, MemoryFile::Health::good);
  struct stat info{};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(MemoryOnDisk, AStateIsAppendedSoThatTheSoundWaitsForOneWriteAlone) {
  MemoryFile memory(file, "siren-01");
  memory.load();
  struct stat before{}, after{};
  ASSERT_EQ(::stat(file.c_str(), &before), 0);
  ASSERT_TRUE(memory.save(state(7)));
  ASSERT_EQ(::stat(file.c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_GT(after.st_size, before.st_size);
}

TEST_F(MemoryOnDisk, ATornStateWasNotAnsweredForAndTheOneBeforeItCounts) {
  {
    MemoryFile memory(file, "siren-01");
    memory.load();
    ASSERT_TRUE(memory.save(state(7)));
  }
  for (std::size_t bytes = 0; bytes < state(8).size(); ++bytes) {
    add(state(8).substr(0, bytes));
    ASSERT_EQ(counter_after_a_power_failure(), 7U) << bytes;
    ASSERT_EQ(health, MemoryFile::Health::good) << bytes;
  }
}

TEST_F(MemoryOnDisk, WhatIsWrittenBehindATornStateIsWhole) {
  {
    MemoryFile memory(file, "siren-01");
    memory.load();
    ASSERT_TRUE(memory.save(state(7)));
  }
  add(state(8).substr(0, 9));
  {
    MemoryFile memory(file, "siren-01");
    memory.load();
    ASSERT_TRUE(memory.save(state(9)));
  }
  EXPECT_EQ(counter_after_a_power_failure(), 9U);
}

TEST_F(MemoryOnDisk, ADamagedStateIsSetAsideAndTheOneBeforeItIsNotForgotten) {
  {
    MemoryFile memory(file, "siren-01");
    memory.load();
    ASSERT_TRUE(memory.save(state(7)));
  }
  add("{\"v\":1}\n");
  EXPECT_EQ(counter_after_a_power_failure(), 7U);
  EXPECT_EQ(health, MemoryFile::Health::damaged);
  EXPECT_TRUE(fs::exists(folder / "memory.json.damaged"));
  EXPECT_EQ(counter_after_a_power_failure(), 7U);
  EXPECT_EQ(health, MemoryFile::Health::good) << "it is said once";
}

TEST_F(MemoryOnDisk, AStateWithoutItsLineEndIsWholeWhenItCanBeRead) {
  add(state(7));
  EXPECT_EQ(counter_after_a_power_failure(), 7U);
}

TEST_F(MemoryOnDisk, AFileOfNothingButDamageIsSetAside) {
  add("not json\n");
  EXPECT_EQ(counter_after_a_power_failure(), 0U);
  EXPECT_EQ(health, MemoryFile::Health::damaged);
}

TEST_F(MemoryOnDisk, GrowsToALimit) {
  MemoryFile memory(file, "siren-01");
  memory.load();
  const auto large = state(7) + std::string(300'000, ' ');
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(memory.save(large));
    ASSERT_LT(fs::file_size(file), 2'000'000U);
  }
  ASSERT_TRUE(memory.save(state(8)));
  EXPECT_EQ(counter_after_a_power_failure(), 8U);
}

TEST_F(MemoryOnDisk, AFolderThatIsGoneIsAnErrorAndItsReturnMendsIt) {
  MemoryFile memory(file, "siren-01");
  fs::remove_all(folder);
  memory.load();
  EXPECT_FALSE(memory.save(state(7)));
  fs::create_directory(folder);
  EXPECT_TRUE(memory.save(state(8)));
  EXPECT_EQ(counter_after_a_power_failure(), 8U);
}

}  // namespace
}  // namespace broadcaster::channels::siren
