// One feed over a real socket: what is asked, what is taken, and what is an alarm.
#include "broadcaster/service/feed_watch.hpp"

#include <map>

#include "broadcaster/base/catalogue.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::service {
namespace {

using net::run_until;

/// No jitter.
class Even final : public base::Random {
 public:
  std::uint64_t below(std::uint64_t bound) override { return bound / 2; }
};

/// Time that can be made to pass.
class Ahead final : public base::Clock {
 public:
  base::Now now() const override {
    const auto real = base::SystemClock().now();
    return {real.wall + ahead, real.mono + ahead};
  }
  base::milliseconds ahead{};
};

struct Watched : net::HttpBench {
  void watch(std::chrono::seconds every = std::chrono::seconds(0)) {
    feeds::Feed feed;
    feed.name = "centre";
    feed.url = url("/feed?key=secret");
    feed.every = every;
    feed.silent = silent;
    FeedHooks hooks{.take =
                        [this](std::string, std::string body, std::optional<feeds::Entry> entry,
                               std::move_only_function<void(FeedAnswer)> done) {
                          taken.push_back(std::move(body));
                          if (hold_documents) return held.push_back(std::move(done));
                          if (!entry) return done(first_answer);
                          loop->post([done = std::move(done), answer = linked_answer]() mutable { done(answer); });
                        },
                    .alarm =
                        [this](const std::string& key, std::optional<base::Text> text) {
                          if (text)
                            alarms[key] = base::Catalogue::of("en").say(*text);
                          else
                            alarms.erase(key);
                        }};
    watched.emplace(FeedTools{.loop = *loop, .http = *client, .clock = clock, .random = random}, feed,
                    std::move(hooks));
    watched->start();
  }
  bool until(const std::function<bool()>& so) { return run_until(*loop, so, base::milliseconds(10'000)); }
  /// So many polls have come to their end.
  bool polls(std::size_t n) {
    return until([&] { return arrived.size() > n; });
  }
  std::string trouble() const {
    const auto& text = watched->state().trouble;
    return text ? base::Catalogue::of("en").say(*text) : "";
  }
  void always(int status, net::Headers headers, const std::string& body) {
    on_request = [=](const net::ServerRequest&, net::Responder responder) { responder.answer(status, headers, body); };
  }

  std::chrono::seconds silent{300};
  bool hold_documents = false;
  std::vector<std::move_only_function<void(FeedAnswer)>> held;
  FeedAnswer first_answer, linked_answer;
  std::vector<std::string> taken;
  std::map<std::string, std::string> alarms;
  Ahead clock;
  Even random;
  std::optional<FeedWatch> watched;
};

TEST_F(Watched, AsksOnlyForWhatIsNew) {
  on_request = [](const net::ServerRequest& request, net::Responder responder) {
    const auto* mark = request.header("If-None-Match");
    const auto* since = request.header("If-Modified-Since");
    if (mark && *mark == "\"1\"" && since && *since == "Tue, 24 Nov 2026 02:15:00 GMT")
      return responder.answer(304, {}, "");
    responder.answer(200, {{"ETag", "\"1\""}, {"Last-Modified", "Tue, 24 Nov 2026 02:15:00 GMT"}}, "news");
  };
  watch();
  ASSERT_TRUE(polls(4));
  EXPECT_EQ(taken, (std::vector<std::string>{"news"}));
  EXPECT_TRUE(watched->state().last_good);
  EXPECT_EQ(trouble(), "");
  EXPECT_TRUE(alarms.empty());
}

TEST_F(Watched, WhatCouldNotBeReadIsAskedForAgain) {
  always(200, {{"ETag", "\"1\""}}, "<alert");
  first_answer.unreadable = base::Text{"service.feed_unreadable", {{"feed", "centre"}, {"why", "not XML"}}};
  watch();
  ASSERT_TRUE(until([&] { return !taken.empty() && alarms.contains("broken"); }));
  EXPECT_EQ(
      alarms["broken"],
      "Feed centre gives what cannot be read: not XML. A bulletin may be missing: look at the centre’s own page.");
  EXPECT_FALSE(watched->state().last_good);
  for (const auto& request : arrived) EXPECT_FALSE(request.header("If-None-Match"));
}

TEST_F(Watched, AnAlarmEndsWithTheNextGoodAnswer) {
  always(404, {}, "");
  watch();
  ASSERT_TRUE(until([&] { return alarms.contains("broken"); }));
  EXPECT_NE(alarms["broken"].find("HTTP 404"), std::string::npos);
  EXPECT_EQ(alarms["broken"].find("secret"), std::string::npos) << "an address may hold a key";
  always(200, {}, "news");
  ASSERT_TRUE(until([&] { return !alarms.contains("broken"); }));
}

TEST_F(Watched, FollowsNoRedirect) {
  always(302, {{"Location", "https://evil.example/cap?x=y"}}, "");
  watch();
  ASSERT_TRUE(until([&] { return alarms.contains("broken"); }));
  EXPECT_EQ(alarms["broken"], "Feed centre: " + url("/feed") +
                                  " has moved to https://evil.example. It is not followed: correct the address in "
                                  "feeds.yaml.");
  EXPECT_TRUE(taken.empty());
}

TEST_F(Watched, ReadsNothingOf200Megabytes) {
  on_request = [](const net::ServerRequest&, net::Responder responder) {
    responder.answer_partially("HTTP/1.1 200 OK\r\nContent-Length: 209715200\r\n\r\n" + std::string(9 << 20, 'x'));
  };
  watch();
  ASSERT_TRUE(until([&] { return alarms.contains("broken"); }));
  EXPECT_NE(alarms["broken"].find("larger than 8 MiB"), std::string::npos) << alarms["broken"];
  EXPECT_TRUE(taken.empty());
}

TEST_F(Watched, SilenceIsAnAlarmWhenItLasts) {
  on_request = [](const net::ServerRequest&, net::Responder responder) { responder.reset_without_answer(); };
  silent = std::chrono::seconds(1);
  watch();
  ASSERT_TRUE(polls(1));
  EXPECT_TRUE(alarms.empty()) << "once is no silence";
  ASSERT_TRUE(until([&] { return alarms.contains("silent"); }));
  EXPECT_EQ(alarms["silent"].find("Feed centre has been silent for "), 0u) << alarms["silent"];
  EXPECT_FALSE(alarms.contains("broken"));
  always(200, {}, "news");
  ASSERT_TRUE(until([&] { return alarms.empty(); }));
}

// Whatever holds a poll up, the alarm does not wait for it.
TEST_F(Watched, APollThatDoesNotEndIsSilenceToo) {
  always(200, {}, "news");
  hold_documents = true;
  silent = std::chrono::seconds(1);
  watch();
  ASSERT_TRUE(until([&] { return alarms.contains("silent"); }));
  EXPECT_EQ(taken.size(), 1u);
}

TEST_F(Watched, WaitsLongerAfterEachFailure) {
  always(503, {}, "");
  watch(std::chrono::seconds(1));
  ASSERT_TRUE(polls(1));  // after two seconds
  const auto second = loop->now();
  always(200, {}, "news");
  ASSERT_TRUE(polls(2));  // after four
  EXPECT_GE(loop->now() - second, base::milliseconds(3500));
  const auto third = loop->now();
  ASSERT_TRUE(polls(3));  // good again: after one
  EXPECT_LE(loop->now() - third, base::milliseconds(2500));
}

TEST_F(Watched, FetchesWhatTheIndexNamesOneAfterTheOther) {
  first_answer.fetch = {{"1", url("/1.xml"), "", {}}, {"2", url("/2.xml"), "", {}}};
  on_request = [](const net::ServerRequest& request, net::Responder responder) {
    responder.answer(200, {{"ETag", "\"1\""}}, request.target);
  };
  watch(std::chrono::seconds(60));
  ASSERT_TRUE(until([&] { return watched->state().last_good.has_value(); }));
  EXPECT_EQ(taken, (std::vector<std::string>{"/feed", "/1.xml", "/2.xml"}));
}

TEST_F(Watched, ABulletinThatIsNamedAndCannotBeHadIsAnAlarm) {
  first_answer.fetch = {{"1", url("/1.xml"), "", {}}, {"2", url("/2.xml"), "", {}}};
  on_request = [](const net::ServerRequest& request, net::Responder responder) {
    responder.answer(request.target == "/1.xml" ? 500 : 200, {{"ETag", "\"1\""}}, request.target);
  };
  watch();
  ASSERT_TRUE(until([&] { return alarms.contains("broken"); }));
  EXPECT_NE(alarms["broken"].find("/1.xml"), std::string::npos) << alarms["broken"];
  EXPECT_EQ(taken[1], "/2.xml") << "the others are not held up";
  const auto before = arrived.size();
  ASSERT_TRUE(polls(before + 3));
  for (const auto& request : arrived) EXPECT_FALSE(request.header("If-None-Match")) << "the index must come again";
}

TEST_F(Watched, DeadDocumentsStarveNoOther) {
  for (int i = 0; i < 45; ++i)
    first_answer.fetch.push_back({std::to_string(i), url("/" + std::to_string(i) + ".xml"), "", {}});
  on_request = [](const net::ServerRequest& request, net::Responder responder) {
    responder.answer(request.target.starts_with("/feed") || request.target == "/44.xml" ? 200 : 500, {},
                     request.target);
  };
  watch();
  ASSERT_TRUE(until([&] { return std::ranges::find(taken, "/44.xml") != taken.end(); }));
  const auto had = std::ranges::find(arrived, "/44.xml", &net::ServerRequest::target);
  const auto polled =
      std::count_if(arrived.begin(), had, [](const auto& one) { return one.target.starts_with("/feed"); });
  EXPECT_EQ(polled, 2) << "in the second poll: thirty dead ones stand before it in the first";
}

TEST_F(Watched, APollHasItsTimeAndGoesOnInTheNext) {
  for (int i = 0; i < 5; ++i)
    first_answer.fetch.push_back({std::to_string(i), url("/" + std::to_string(i) + ".xml"), "", {}});
  on_request = [this](const net::ServerRequest& request, net::Responder responder) {
    if (request.target.ends_with(".xml")) clock.ahead += std::chrono::minutes(1);
    responder.answer(200, {{"ETag", "\"1\""}}, request.target);
  };
  watch(std::chrono::seconds(60));
  ASSERT_TRUE(until([&] { return watched->state().last_good.has_value(); }));
  EXPECT_EQ(taken, (std::vector<std::string>{"/feed", "/0.xml", "/1.xml"}));
}

TEST_F(Watched, AnAnswerWithoutEndIsGivenUp) {
  silent = std::chrono::seconds(3600);
  std::vector<net::ResponseStream> held;
  on_request = [&](const net::ServerRequest&, net::Responder responder) {
    held.push_back(responder.stream(200, {}));
    held.back().send("<alert>");
  };
  watch();
  ASSERT_TRUE(run_until(*loop, [&] { return watched->state().trouble.has_value(); }, base::milliseconds(30'000)));
  EXPECT_TRUE(taken.empty()) << trouble();
}

TEST_F(Watched, IsGoneInTheMiddleOfAPoll) {
  std::optional<net::Responder> held;
  on_request = [&](const net::ServerRequest&, net::Responder responder) { held.emplace(std::move(responder)); };
  watch();
  ASSERT_TRUE(until([&] { return held.has_value(); }));
  watched.reset();
  held->answer(200, {}, "late");
  EXPECT_TRUE(until([&] { return client->in_flight() == 0; }));
  EXPECT_TRUE(taken.empty());
}

}  // namespace
}  // namespace broadcaster::service
