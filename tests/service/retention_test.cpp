// Phone numbers go by themselves: when, when not, and what the record says of it.
#include "broadcaster/service/retention.hpp"

#include <boost/json.hpp>
#include <fstream>

#include "tests/dispatch/stage.hpp"

namespace broadcaster::service {
namespace {

using dispatch::test::Stage;
using namespace std::chrono_literals;
using std::chrono::days;

/// The night, and how far into the year.
class LaterClock final : public base::Clock {
 public:
  base::Now now() const override {
    auto out = night_.now();
    out.wall += later;
    return out;
  }
  base::milliseconds later{0};

 private:
  dispatch::test::NightClock night_;
};

struct Retained : Stage {
  void start(days keep = days(90)) {
    retention.emplace(RetentionTools{.loop = *loop, .store = store, .driver = driver(), .clock = late}, keep);
    retention->start();
  }
  /// Halted before a channel had room for any of it: nothing is left to wait for.
  void alert_that_ended() {
    sirens->space = sms->space = 0;
    const auto alert = release();
    halt(alert);
    until([&] { return settled(alert); });
  }
  bool has(const char* what) const { return retention->json().as_object().contains(what); }
  std::vector<journal::RecordEntry> entries(const std::string& kind) {
    std::optional<std::vector<journal::RecordEntry>> out;
    store.run([](journal::SqliteStore& s) { return s.record(0, 1000); },
              [&](base::Result<std::vector<journal::RecordEntry>> found) {
                out = journal::sample::must(std::move(found));
                std::erase_if(*out, [&](const auto& entry) { return entry.kind != kind; });
              });
    until([&] { return out.has_value(); });
    return *out;
  }
  /// Of a plan that was never released.
  std::filesystem::path old_snapshot() {
    const auto file = folder.path() / "snapshots" / "never-released.db";
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "+99900000007";
    std::filesystem::last_write_time(file, std::chrono::file_clock::from_sys(clock.now().wall));
    return file;
  }
  LaterClock late;
  std::optional<Retention> retention;
};

TEST(WhenNext, ADayAfterTheLastTimeAndAtOnceWhereThereWasNone) {
  const auto now = approval::at(2, 0);
  EXPECT_EQ(when_next(std::nullopt, now), now);
  EXPECT_EQ(when_next(now - 1h, now), now + 23h);
  EXPECT_EQ(when_next(now - 25h, now), now);
  EXPECT_EQ(when_next(now + 48h, now), now) << "a clock that was set back keeps no number longer";
}

TEST_F(Retained, AnAlertThatEndedLongAgoLosesItsNumbersAndTheRecordSaysWhoWantedIt) {
  alert_that_ended();
  const auto snapshot = old_snapshot();
  late.later = days(91);
  start();
  until([&] { return has("last"); });
  EXPECT_FALSE(std::filesystem::exists(snapshot));
  EXPECT_EQ(entries("erased").size(), 1u);
  const auto asked = entries("erase");
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_NE(asked.front().entry.find("policy.yaml, retention 90d"), std::string::npos) << asked.front().entry;
  EXPECT_EQ(retention->json().at("keep_days").as_int64(), 90);
  EXPECT_TRUE(has("next"));
}

TEST_F(Retained, WhatIsNotOldEnoughStaysAndADayWithoutWorkLeavesNoEntry) {
  alert_that_ended();
  const auto snapshot = old_snapshot();
  late.later = days(89);
  start();
  until([&] { return has("last"); });
  EXPECT_TRUE(std::filesystem::exists(snapshot));
  EXPECT_TRUE(entries("erase").empty());
}

TEST_F(Retained, ARestartDoesNotDoItAgainBeforeTheDayIsOver) {
  start();
  until([&] { return has("last"); });
  const auto last = std::string(retention->json().at("last").as_string());
  retention.reset();
  late.later = 2h;
  const auto snapshot = old_snapshot();
  start(days(7));
  until([&] { return has("next"); });
  EXPECT_EQ(retention->json().at("last").as_string(), last);
  EXPECT_EQ(retention->json().at("next").as_string(), base::format_utc(*base::parse_utc(last) + 24h));
}

TEST_F(Retained, WhileAnAlertIsBeingSentItWaits) {
  const auto alert = release();
  until([&] { return stored(alert).expanded; });
  const auto snapshot = old_snapshot();
  late.later = days(91);
  start();
  until([&] { return has("next"); });
  until([&] { return retention->json().at("next").as_string() > base::format_utc(late.now().wall); });
  EXPECT_FALSE(has("last"));
  EXPECT_TRUE(std::filesystem::exists(snapshot));
  EXPECT_FALSE(settled(alert));
}

TEST_F(Retained, AFailureIsAnAlarmAndIsTriedAgain) {
  const auto snapshot = old_snapshot();
  late.later = days(91);
  break_disk();
  start();
  until([&] { return driver().alarms().contains("/retention"); });
  EXPECT_FALSE(has("last"));
  EXPECT_TRUE(has("next"));
}

}  // namespace
}  // namespace broadcaster::service
