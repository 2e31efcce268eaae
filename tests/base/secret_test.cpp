#include "broadcaster/base/secret.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/log.hpp"

namespace broadcaster::base {
namespace {

TEST(Secret, NeverReachesTheLogFile) {
  const auto folder = testing::TempDir();
  const auto file = folder + "secret_test.log";
  std::filesystem::remove(file);
  ASSERT_TRUE(write_file(folder + "secret_test.key", "hunter2-hunter2\n", FileMode::secret));
  const auto secret = Secret::load("file:secret_test.key", folder);
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->reveal(), "hunter2-hunter2");
  log::start(log::Level::info, file);
  log::info("token=" + secret->reveal() + "\nforged line");
  log::start(log::Level::info);
  const auto line = read_file(file).value();
  EXPECT_EQ(line.find("hunter2"), std::string::npos);
  EXPECT_TRUE(line.ends_with(" info token=[secret]\\nforged line\n")) << line;
}

TEST(Secret, OverlappingSecretsLeaveNothingOver) {
  log::forget("abcdefgh");
  log::forget("efghijkl");
  EXPECT_EQ(log::redact("<abcdefghijkl>"), "<[secret]>");
}

TEST(Secret, RefusesABareSecretWithoutRepeatingIt) {
  const auto bare = Secret::load("my-password", ".");
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().text, (Text{"base.secret_reference", {}}));
  EXPECT_EQ(Secret::load("env:BROADCASTER_TEST_NOBODY", ".").error().kind, ErrorKind::unavailable);
  EXPECT_EQ(Secret::load("credential:../x", ".").error().kind, ErrorKind::bad_input);
}

std::string strip(const std::string& content) {
  const auto folder = testing::TempDir();
  EXPECT_TRUE(write_file(folder + "secret_strip.key", content, FileMode::secret));
  const auto secret = Secret::load("file:secret_strip.key", folder);
  return secret ? secret->reveal() : secret.error().text.id;
}

TEST(Secret, StripsExactlyOneLineEnd) {
  EXPECT_EQ(strip("a"), "a");
  EXPECT_EQ(strip("a\n"), "a");
  EXPECT_EQ(strip("a\r\n"), "a");
  EXPECT_EQ(strip("a\n\n"), "a\n");
  EXPECT_EQ(strip("a\r\n\r\n"), "a\r\n");
  EXPECT_EQ(strip("a\r"), "a\r");
  EXPECT_EQ(strip(" a "), " a ");
  EXPECT_EQ(strip("\r\n"), "base.secret_empty");
  EXPECT_EQ(strip(""), "base.secret_empty");
}

TEST(Secret, SaysWhyItCannotBeRead) {
  const auto file = Secret::load("file:nobody", "/nowhere").error();
  EXPECT_EQ(file.kind, ErrorKind::unavailable);
  EXPECT_EQ(file.text,
            (Text{"base.cannot_read", {{"file", "/nowhere/nobody"}, {"reason", "No such file or directory"}}}));
  EXPECT_EQ(Secret::load("env:BROADCASTER_TEST_NOBODY", ".").error().text,
            (Text{"base.secret_not_set", {{"name", "BROADCASTER_TEST_NOBODY"}}}));
}

/// Sets a variable and takes it away again.
struct Variable {
  Variable(const char* variable, const std::string& value) : name(variable) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name); }
  const char* name;
};

TEST(Secret, ComesFromTheEnvironment) {
  const Variable variable("BROADCASTER_TEST_SECRET", "from-the-environment");
  EXPECT_EQ(Secret::load("env:BROADCASTER_TEST_SECRET", ".")->reveal(), "from-the-environment");
}

TEST(Secret, ComesFromSystemdsCredentials) {
  EXPECT_EQ(Secret::load("credential:token", ".").error().text,
            (Text{"base.secret_no_credentials", {{"reference", "credential:token"}}}));
  const Variable variable("CREDENTIALS_DIRECTORY", testing::TempDir());
  ASSERT_TRUE(write_file(testing::TempDir() + "token", "from-systemd\n", FileMode::secret));
  EXPECT_EQ(Secret::load("credential:token", ".")->reveal(), "from-systemd");
  for (const auto* out : {"credential:../token", "credential:..", "credential:a/b", "credential:"})
    EXPECT_EQ(Secret::load(out, ".").error().text.id, "base.secret_reference") << out;
}

TEST(Secret, IsTheSameHoweverItIsWritten) {
  const auto folder = testing::TempDir();
  ASSERT_TRUE(write_file(folder + "one.key", "a\n", FileMode::secret));
  std::filesystem::remove(folder + "link.key");
  std::filesystem::remove(folder + "hard.key");
  std::filesystem::create_symlink(folder + "one.key", folder + "link.key");
  std::filesystem::create_hard_link(folder + "one.key", folder + "hard.key");
  for (const auto& other : {std::string("file:./one.key"), "file:" + folder + "one.key", std::string("file:link.key"),
                            std::string("file:hard.key")})
    EXPECT_TRUE(Secret::leads_to_the_same("file:one.key", other, folder)) << other;
  EXPECT_FALSE(Secret::leads_to_the_same("file:one.key", "file:two.key", folder));
  EXPECT_FALSE(Secret::leads_to_the_same("env:A", "env:B", folder));
  EXPECT_TRUE(Secret::leads_to_the_same("env:A", "env:A", folder));
}

TEST(Secret, IsNotTheWholeEnvironment) {
  EXPECT_EQ(Secret::load("file:/proc/self/environ", ".").error().text.id, "base.secret_reference");
}

}  // namespace
}  // namespace broadcaster::base
