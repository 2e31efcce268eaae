#include "broadcaster/base/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::base {
namespace {

/// A log file of its own; standard error afterwards.
struct Log : ::testing::Test {
  void SetUp() override { std::filesystem::remove(file); }
  void TearDown() override {
    log::start(log::Level::info);
    std::filesystem::remove(file);
  }
  std::string written() const { return read_file(file).value(); }
  std::string file = ::testing::TempDir() + "log_test." + std::to_string(::getpid()) + ".log";
};

TEST_F(Log, ASecretNeverReachesTheFile) {
  log::start(log::Level::debug, file);
  log::forget("s3cr3t-t0k3n");
  log::debug("Authorization: Bearer s3cr3t-t0k3n");
  log::info("s3cr3t-t0k3ns3cr3t-t0k3n");
  log::warning("https://host/?token=s3cr3t-t0k3n&x=1");
  log::error("s3cr3t-t0k3n");
  EXPECT_EQ(written().find("s3cr3t"), std::string::npos) << written();
  EXPECT_NE(written().find("https://host/?token=[secret]&x=1"), std::string::npos) << written();
}

TEST_F(Log, ASecretNeverReachesWhatAPersonReads) {
  log::forget("pass-word-of-gateway");
  const auto why = Catalogue::of("en").say(
      Text{"base.cannot_read", {{"file", "http://u:pass-word-of-gateway@host"}, {"reason", "refused"}}});
  EXPECT_EQ(log::redact(why), "cannot read http://u:[secret]@host: refused");
}

TEST_F(Log, OneLineAnEventWithTimeAndLevel) {
  log::start(log::Level::info, file);
  log::debug("not asked for");
  log::info("a\nb\r\x1b[31m\x7f é");
  log::warning("{} %s");
  const auto lines = written();
  ASSERT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2) << lines;
  EXPECT_EQ(lines.find("not asked for"), std::string::npos);
  EXPECT_EQ(lines.substr(4, 1) + lines.substr(10, 1) + lines.substr(23, 1), "-TZ") << lines;
  EXPECT_NE(lines.find(" info a\\nb\\x0d\\x1b[31m\\x7f é\n"), std::string::npos) << lines;
  EXPECT_NE(lines.find(" warning {} %s\n"), std::string::npos) << lines;
}

TEST_F(Log, AReasonIsWrittenInWords) {
  log::start(log::Level::info, file);
  log::error("endpoint sms-live is left out",
             Error{ErrorKind::unavailable, {"base.secret_not_set", {{"name", "SMS_PASSWORD"}}}, {}, {}});
  EXPECT_TRUE(
      written().ends_with(" error endpoint sms-live is left out: the environment variable SMS_PASSWORD is not set\n"))
      << written();
}

TEST_F(Log, AppendsToWhatStandsThere) {
  ASSERT_TRUE(write_file(file, "before\n"));
  log::start(log::Level::info, file);
  log::info("after");
  EXPECT_TRUE(written().starts_with("before\n"));
  EXPECT_TRUE(written().ends_with(" info after\n"));
}

TEST_F(Log, ShortTextsAreNoSecrets) {
  log::forget("seven77");
  EXPECT_EQ(log::redact("seven77"), "seven77");  // redacting a common word would make every line unreadable
  log::forget("");
  EXPECT_EQ(log::redact("x"), "x");
}

TEST_F(Log, LinesOfManyThreadsStayWhole) {
  log::start(log::Level::info, file);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 50; ++i) {
        log::info("thread" + std::string(200, static_cast<char>('a' + t)));
        log::forget("another-secret-" + std::to_string(t * 50 + i));
      }
    });
  for (auto& thread : threads) thread.join();
  const auto all = written();
  for (int t = 0; t < 4; ++t) {
    const auto line = " info thread" + std::string(200, static_cast<char>('a' + t)) + "\n";
    int count = 0;
    for (auto at = all.find(line); at != std::string::npos; at = all.find(line, at + 1)) ++count;
    EXPECT_EQ(count, 50);
  }
}

}  // namespace
}  // namespace broadcaster::base
