// A range, a client and a driver's place on one loop. Everything waits on events, nothing on time alone.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "broadcaster/net/http.hpp"
#include "channels/range/range.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels {

class NoStore final : public ChannelStore {
 public:
  void load(const std::string&, std::move_only_function<void(std::optional<std::string>)> done) override {
    done(std::nullopt);
  }
  void save(const std::string&, std::string, std::move_only_function<void()> done) override { done(); }
};

class Collected final : public Reports {
 public:
  std::vector<std::pair<delivery::AttemptId, delivery::Outcome>> outcomes;
  std::vector<delivery::Evidence> proofs;
  int readies = 0;
  bool running = true;
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override {
    outcomes.emplace_back(attempt, std::move(outcome));
  }
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override {
    proofs.push_back(std::move(evidence));
    stored();
  }
  void alarm(const plan::EndpointName&, const std::string&, std::optional<base::Text>) override {}
  bool may_leave(delivery::AttemptId) override { return running; }
  void ready(const plan::EndpointName&) override { ++readies; }
};

struct RangeFixture : testing::Test {
  static constexpr const char* webhook_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  std::unique_ptr<net::Loop> loop = net::Loop::create();
  base::SystemClock clock;
  base::SystemRandom random;
  net::Workers workers{*loop, 1};
  std::unique_ptr<net::HttpClient> http = net::HttpClient::create(*loop);
  Collected reports;
  NoStore store;
  std::unique_ptr<Range> range;
  ChannelTools tools{*loop, workers, *http, clock, random, reports, store, "http://127.0.0.1:1/hooks/", ""};

  void SetUp() override {
    RangeOptions options;
    options.accounts = {{"good-token-123", "tirtapura_drill"}};
    options.webhook_secret = webhook_secret;
    auto listening = Range::listen(*loop, clock, std::move(options));
    ASSERT_TRUE(listening);
    range = std::move(*listening);
  }

  /// Of an alert that is in force by this clock.
  delivery::Attempt living(std::string text) const {
    auto attempt = attempt_of(std::move(text));
    attempt.expires = clock.now().wall + std::chrono::minutes(30);
    return attempt;
  }

  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(range->port()) + path; }

  /// Runs the loop until `done` holds; false after `longest`.
  bool until(const std::function<bool()>& done, std::chrono::milliseconds longest = std::chrono::seconds(20)) {
    bool late = false;
    const auto limit = loop->after(longest, [&] { late = true; });
    while (!done() && !late) {
      loop->after(std::chrono::milliseconds(5), [this] { loop->stop(); });
      loop->run();
    }
    loop->cancel(limit);
    return done();
  }

  net::HttpResult call(const std::string& method, const std::string& path, const std::string& body = {}) {
    std::optional<net::HttpResult> got;
    net::HttpRequest request;
    request.method = method;
    request.url = url(path);
    request.body = body;
    request.repeat = net::HttpRequest::Repeat::safe;
    http->send(std::move(request), [&](net::HttpResult result) { got = std::move(result); });
    EXPECT_TRUE(until([&] { return got.has_value(); }));
    return std::move(*got);
  }
};

}  // namespace broadcaster::channels
