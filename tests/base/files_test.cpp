#include "broadcaster/base/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace broadcaster::base {
namespace {

namespace fs = std::filesystem;

struct Files : ::testing::Test {
  void SetUp() override {
    folder = fs::path(::testing::TempDir()) / ("files_test." + std::to_string(::getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  fs::path folder;
};

mode_t mode_of(const fs::path& path) {
  struct stat info{};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

std::string reason(const Error& error) {
  for (const auto& [name, value] : error.text.arguments)
    if (name == "reason") return std::get<std::string>(value);
  return "none";
}

TEST_F(Files, ReadsWhatWasWritten) {
  const std::string content("a\0\r\n\xff", 5);
  ASSERT_TRUE(write_file(folder / "f", content));
  EXPECT_EQ(read_file(folder / "f").value(), content);
  ASSERT_TRUE(write_file(folder / "empty", ""));
  EXPECT_EQ(read_file(folder / "empty").value(), "");
}

TEST_F(Files, SaysWhyItCannotRead) {
  const auto missing = read_file(folder / "nobody");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(missing.error().text.id, "base.cannot_read");
  EXPECT_EQ(reason(missing.error()), "No such file or directory");
  const auto directory = read_file(folder);
  ASSERT_FALSE(directory);
  EXPECT_EQ(reason(directory.error()), "Is a directory");
}

TEST_F(Files, ReadsNoMoreThanAllowed) {
  ASSERT_TRUE(write_file(folder / "f", "12345"));
  EXPECT_TRUE(read_file(folder / "f", 5));
  const auto large = read_file(folder / "f", 4);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().text,
            (Text{"base.file_too_large", {{"file", (folder / "f").string()}, {"limit", std::int64_t{4}}}}));
  EXPECT_FALSE(read_file("/dev/zero", 1 << 20));  // has no size of its own
}

TEST_F(Files, NeverWaitsForAPipe) {
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const auto read = read_file(folder / "pipe");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().text.id, "base.no_file");
}

TEST_F(Files, ReplacesAFileAsAWhole) {
  ASSERT_TRUE(write_file(folder / "f", "old"));
  std::ifstream reader(folder / "f");  // holds the old file, as a reader does at that moment
  ASSERT_TRUE(write_file(folder / "f", "new and longer"));
  std::string seen;
  std::getline(reader, seen);
  EXPECT_EQ(seen, "old");
  EXPECT_EQ(read_file(folder / "f").value(), "new and longer");
  EXPECT_EQ(count(), 1u);  // no temporary file stays
}

TEST_F(Files, AFailedWriteLeavesTheOldOneAndNothingElse) {
  fs::create_directory(folder / "taken");
  std::ofstream(folder / "taken" / "x") << "x";
  const auto failed = write_file(folder / "taken", "new");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(failed.error().text.id, "base.cannot_write");
  EXPECT_EQ(reason(failed.error()), "Is a directory");
  EXPECT_TRUE(fs::exists(folder / "taken" / "x"));
  EXPECT_EQ(count(), 1u);
  EXPECT_EQ(reason(write_file(folder / "nobody" / "f", "x").error()), "No such file or directory");
}

TEST_F(Files, SecretsAreReadableByTheirOwnerAlone) {
  const auto before = ::umask(0);
  EXPECT_TRUE(write_file(folder / "open", "x"));
  EXPECT_TRUE(write_file(folder / "secret", "x", FileMode::secret));
  EXPECT_TRUE(write_file(folder / "open", "y", FileMode::secret));  // replaced: the old mode does not live on
  ::umask(before);
  EXPECT_EQ(mode_of(folder / "secret"), 0600u);
  EXPECT_EQ(mode_of(folder / "open"), 0600u);
  ASSERT_TRUE(write_file(folder / "shared", "x"));
  EXPECT_EQ(mode_of(folder / "shared"), 0644u & ~before);
}

TEST_F(Files, WhatACrashLeftBehindIsNotWrittenInto) {
  const auto left = folder / ("f.new." + std::to_string(::getpid()));
  std::ofstream(left) << "half a sec";
  fs::permissions(left, fs::perms::all);
  ASSERT_TRUE(write_file(folder / "f", "secret", FileMode::secret));
  EXPECT_EQ(mode_of(folder / "f"), 0600u);
  EXPECT_EQ(read_file(folder / "f").value(), "secret");
}

}  // namespace
}  // namespace broadcaster::base
