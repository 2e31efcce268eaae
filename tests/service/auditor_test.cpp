// The auditor over a real driver and a real journal: what it says, when it pings, and when it falls silent.
#include "broadcaster/service/auditor.hpp"

#include <boost/json.hpp>

#include "tests/dispatch/stage.hpp"

namespace broadcaster::service {
namespace {

using dispatch::test::Stage;

/// Answers what it is told to, on the next turn of the loop.
class FakeHttp final : public net::HttpClient {
 public:
  explicit FakeHttp(net::Loop& loop) : loop_(loop) {}
  net::RequestId send(net::HttpRequest request, std::move_only_function<void(net::HttpResult)> done) override {
    urls.push_back(request.url);
    loop_.post([done = std::move(done), status = status]() mutable {
      done(net::HttpAnswer{.status = status, .headers = {}, .body = {}});
    });
    return net::RequestId(urls.size());
  }
  void cancel(net::RequestId) override {}
  std::size_t in_flight() const override { return 0; }
  std::vector<std::string> urls;
  int status = 200;

 private:
  net::Loop& loop_;
};

/// The night, and how far into it.
class LaterClock final : public base::Clock {
 public:
  base::Now now() const override {
    auto out = night_.now();
    out.wall += later;
    return out;
  }
  std::chrono::milliseconds later{0};

 private:
  dispatch::test::NightClock night_;
};

struct Audited : Stage {
  Audited() {
    auditor.emplace(AuditorTools{.loop = *loop, .store = store, .driver = driver(), .http = http, .clock = late},
                    AuditorOptions{.audit = {.every = std::chrono::seconds(1),
                                             .waiting = std::chrono::seconds(120),
                                             .count_every = std::chrono::seconds(1)},
                                   .warn_below_bytes = 0,
                                   .dead_man_url = "http://watch.example/drill",
                                   .dead_man_every = std::chrono::seconds(1)},
                    std::make_shared<journal::Ballast>(folder.path(), 0));
  }
  bool green() const {
    const auto json = auditor->json();
    return json.is_object() && json.at("green").as_bool();
  }
  std::string alarm(const std::string& key) {
    const auto found = driver().alarms().find("/" + key);
    return found == driver().alarms().end() ? "" : found->second.text.id;
  }
  /// Of the record, by kind.
  int entries(const std::string& kind) {
    std::optional<int> out;
    store.run([](journal::SqliteStore& s) { return s.record(0, 1000); },
              [&](base::Result<std::vector<journal::RecordEntry>> found) {
                out = 0;
                for (const auto& entry : journal::sample::must(std::move(found))) *out += entry.kind == kind ? 1 : 0;
              });
    until([&] { return out.has_value(); });
    return *out;
  }
  /// From the release until the alert ends.
  std::chrono::milliseconds life(delivery::AlertId id) { return stored(id).expires - clock.now().wall; }

  FakeHttp http{*loop};
  LaterClock late;
  std::optional<Auditor> auditor;
};

TEST_F(Audited, IsGreenAndPingsWhileAllAddsUp) {
  release();
  auditor->start();
  until([&] { return green() && !http.urls.empty(); });
  EXPECT_EQ(http.urls.front(), "http://watch.example/drill");
  EXPECT_TRUE(driver().alarms().empty());
  until([&] { return http.urls.size() > 1; });
}

TEST_F(Audited, PingsNobodyWhileTheJournalFails) {
  auditor->start();
  until([&] { return green(); });
  break_disk();
  until([&] { return !green(); });
  const auto pinged = http.urls.size();
  EXPECT_FALSE(alarm("audit/journal").empty());
  until([&] { return http.urls.size() == pinged && alarm("audit/journal") != ""; });
  mend_disk();
  until([&] { return green() && http.urls.size() > pinged; });
  EXPECT_EQ(alarm("audit/journal"), "");
}

TEST_F(Audited, SaysWhenNobodyOutsideTakesItsPing) {
  http.status = 404;
  auditor->start();
  until([&] { return alarm("dead_man") == "service.dead_man_silent"; });
  http.status = 200;
  until([&] { return alarm("dead_man").empty(); });
}

TEST_F(Audited, ALifeThreatThatLapsesSoonIsAnAlarmAlsoWhenItIsHalted) {
  const auto alert = release();
  until([&] { return !sirens->started.empty(); });
  late.later = life(alert) - std::chrono::minutes(1);
  auditor->start();
  const auto key = "lapse/" + stored(alert).release.filling.code;
  halt(alert);
  until([&] { return alarm(key) == "service.lapses_soon"; });
}

TEST_F(Audited, ALifeThreatThatLapsesSoonIsAnAlarmUntilItIsHaltedBeforeAnybodyGotIt) {
  sirens->space = sms->space = 0;
  const auto alert = release();
  late.later = life(alert) - std::chrono::minutes(1);
  auditor->start();
  const auto key = "lapse/" + stored(alert).release.filling.code;
  until([&] { return alarm(key) == "service.lapses_soon"; });
  halt(alert);
  until([&] { return alarm(key).empty(); });
  EXPECT_EQ(entries("lapsed"), 0);
}

TEST_F(Audited, ALifeThreatThatLapsedStandsOnTheRecordOnce) {
  const auto alert = release();
  late.later = life(alert) + std::chrono::minutes(1);
  auditor->start();
  const auto key = "lapse/" + stored(alert).release.filling.code;
  until([&] { return alarm(key) == "service.lapsed" && entries("lapsed") == 1; });
  // Another owner, later: it is said again, and not recorded again.
  auditor.emplace(AuditorTools{.loop = *loop, .store = store, .driver = driver(), .http = http, .clock = late},
                  AuditorOptions{}, std::make_shared<journal::Ballast>(folder.path(), 0));
  auditor->start();
  until([&] { return auditor->json().is_object(); });
  EXPECT_EQ(entries("lapsed"), 1);
}

TEST_F(Audited, ABallastThatCannotBeMadeIsNotGreen) {
  auditor.emplace(AuditorTools{.loop = *loop, .store = store, .driver = driver(), .http = http, .clock = late},
                  AuditorOptions{}, std::make_shared<journal::Ballast>(folder.path(), std::uint64_t{1} << 60));
  auditor->start();
  until([&] { return alarm("audit/ballast") == "journal.no_ballast"; });
  EXPECT_FALSE(green());
  EXPECT_TRUE(http.urls.empty());
}

}  // namespace
}  // namespace broadcaster::service
