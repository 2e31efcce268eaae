#include <boost/json.hpp>

#include "channels/mastodon/mastodon.hpp"
#include "channels/webhook/webhook.hpp"
#include "tests/channels/range_fixture.hpp"

namespace broadcaster::channels {
namespace {

struct OverTheRange : RangeFixture {
  plan::Endpoint endpoint;
  std::unique_ptr<Channel> channel;

  void SetUp() override {
    RangeFixture::SetUp();
    endpoint.name = plan::EndpointName("test");
    endpoint.in_flight = 2;
    channel = over_http(mastodon::http_channel(endpoint.name, {url("/mastodon"), "good-token-123", "public"}), endpoint,
                        tools);
  }

  std::string fault(const std::string& json) {
    const auto answer = call("POST", "/faults", json);
    return answer ? std::to_string(answer->status) : "no answer";
  }

  /// One post and its outcome; waits for the proof, too.
  std::string post(const std::string& key = "k1") {
    auto attempt = living("LATIHAN TP12 naik ke tempat tinggi");
    attempt.key = key;
    const auto before = reports.outcomes.size();
    std::vector<delivery::Attempt> batch;
    batch.push_back(std::move(attempt));
    channel->start(std::move(batch));
    EXPECT_TRUE(until([&] { return reports.outcomes.size() > before && channel->room() == 2; }));
    return said(reports.outcomes.back().second);
  }
};

TEST_F(OverTheRange, PostsAndReadsItBack) {
  EXPECT_EQ(channel->reachability(), Reachability::unknown);
  EXPECT_EQ(post(), "accepted");
  ASSERT_EQ(reports.proofs.size(), 1u);
  EXPECT_EQ(reports.proofs[0].proof, delivery::Proof::confirmed);
  EXPECT_EQ(channel->reachability(), Reachability::up);
  EXPECT_GE(reports.readies, 1);
  ASSERT_EQ(range->seen().all().size(), 1u);
  EXPECT_EQ(range->seen().all()[0].text, "LATIHAN TP12 naik ke tempat tinggi");
}

TEST_F(OverTheRange, CountsWhatIsInFlight) {
  EXPECT_EQ(channel->room(), 2u);
  std::vector<delivery::Attempt> batch(2, living("x"));
  batch[1].key = "other";
  channel->start(std::move(batch));
  EXPECT_EQ(channel->room(), 0u);
  EXPECT_TRUE(until([&] { return channel->room() == 2; }));
  EXPECT_EQ(reports.outcomes.size(), 2u);
}

TEST_F(OverTheRange, FindsAPostWhoseAnswerWasLost) {
  EXPECT_EQ(fault(R"({"side":"mastodon","kind":"accept_then_close","method":"POST"})"), "204");
  EXPECT_EQ(post(), "unknown");
  EXPECT_EQ(range->seen().all().size(), 1u);
  bool asked = false;
  channel->ask(living("LATIHAN TP12 naik ke tempat tinggi"), [&] { asked = true; });
  ASSERT_TRUE(until([&] { return asked; }));
  ASSERT_EQ(reports.proofs.size(), 1u);
  EXPECT_EQ(reports.proofs[0].proof, delivery::Proof::confirmed);
  // And should it be sent again with its key, there is still one post.
  EXPECT_EQ(post(), "accepted");
  EXPECT_EQ(range->seen().all().size(), 1u);
}

TEST_F(OverTheRange, FindsNothingWhereNothingWasPosted) {
  EXPECT_EQ(fault(R"({"side":"mastodon","kind":"close","method":"POST"})"), "204");
  EXPECT_EQ(post(), "unknown");
  bool asked = false;
  channel->ask(living("LATIHAN TP12 naik ke tempat tinggi"), [&] { asked = true; });
  ASSERT_TRUE(until([&] { return asked; }));
  EXPECT_TRUE(reports.proofs.empty());
}

TEST_F(OverTheRange, SaysUnknownOfHalfAnAnswerAndOfAReset) {
  EXPECT_EQ(fault(R"({"side":"mastodon","kind":"half_answer","method":"POST"})"), "204");
  EXPECT_EQ(post("a"), "unknown");
  EXPECT_EQ(fault(R"({"side":"mastodon","kind":"reset","method":"POST"})"), "204");
  EXPECT_EQ(post("b"), "unknown");
}

TEST_F(OverTheRange, ObeysALimitInIso8601) {
  EXPECT_EQ(fault(R"({"side":"mastodon","kind":"status","status":429,"retry_after":"30"})"), "204");
  EXPECT_EQ(post(), "not_sent");
  const auto after = std::get<delivery::NotSent>(reports.outcomes.back().second).after;
  ASSERT_TRUE(after);
  EXPECT_GT(after->count(), 25'000);
  EXPECT_LE(after->count(), 30'000);
}

TEST_F(OverTheRange, KeepsSecretsOutOfWhatItSays) {
  for (const char* status : {"401", "403", "422", "500"}) {
    EXPECT_EQ(fault(std::string(R"({"side":"mastodon","method":"POST","status":)") + status + "}"), "204");
    post(status);
  }
  for (const auto& [id, outcome] : reports.outcomes)
    EXPECT_EQ(delivery::why(outcome).find("good-token-123"), std::string::npos);
}

TEST_F(OverTheRange, KnowsThatNobodyIsThere) {
  auto nowhere =
      over_http(mastodon::http_channel(endpoint.name, {"http://127.0.0.1:1", "token", "public"}), endpoint, tools);
  nowhere->start({living("x")});
  ASSERT_TRUE(until([&] { return !reports.outcomes.empty(); }));
  EXPECT_EQ(said(reports.outcomes[0].second), "not_sent");
  EXPECT_EQ(nowhere->reachability(), Reachability::down);
}

/// Keeps what it is given, and never answers.
struct Kept final : net::HttpClient {
  std::vector<net::HttpRequest> requests;
  net::RequestId send(net::HttpRequest request, std::move_only_function<void(net::HttpResult)>) override {
    requests.push_back(std::move(request));
    return {};
  }
  void cancel(net::RequestId) override {}
  std::size_t in_flight() const override { return requests.size(); }
};

TEST_F(OverTheRange, SendsNothingAfterExpiryNorOverAConnectionThatIsMadeAfterIt) {
  Kept kept;
  ChannelTools keeping{*loop, workers, kept, clock, random, reports, store, "", ""};
  const auto own = over_http(mastodon::http_channel(endpoint.name, {"http://a", "token", "public"}), endpoint, keeping);
  auto late = living("x");
  late.expires = clock.now().wall - std::chrono::milliseconds(1);
  own->start({late});
  EXPECT_TRUE(kept.requests.empty());
  ASSERT_EQ(reports.outcomes.size(), 1u);
  EXPECT_EQ(said(reports.outcomes[0].second), "not_sent");
  EXPECT_EQ(own->room(), 2u);
  auto short_lived = living("x");
  short_lived.expires = clock.now().wall + std::chrono::seconds(2);
  own->start({short_lived});
  ASSERT_EQ(kept.requests.size(), 1u);
  EXPECT_LE(kept.requests[0].connect_timeout, std::chrono::seconds(2));
}

TEST_F(OverTheRange, SendsNothingWhenAHaltComesWhileItConnects) {
  channel->start({living("x")});
  reports.running = false;
  ASSERT_TRUE(until([&] { return !reports.outcomes.empty(); }));
  const auto& outcome = reports.outcomes[0].second;
  EXPECT_EQ(said(outcome), "not_sent");
  EXPECT_EQ(std::get<delivery::NotSent>(outcome).scope, delivery::NotSent::Scope::recipient);
  EXPECT_NE(channel->reachability(), Reachability::down);
  EXPECT_TRUE(range->seen().all().empty());
}

TEST_F(OverTheRange, AnswersNothingToAChannelThatHasEnded) {
  channel->start({living("x")});
  channel.reset();
  ASSERT_TRUE(until([&] { return http->in_flight() == 0; }));
  EXPECT_TRUE(reports.outcomes.empty());
}

TEST_F(OverTheRange, TellsAPartner) {
  auto partner =
      over_http(webhook::http_channel({url("/webhook/radio"), *webhook::key_of(webhook_secret)}), endpoint, tools);
  partner->start({living("Naik")});
  ASSERT_TRUE(until([&] { return !reports.outcomes.empty(); }));
  EXPECT_EQ(said(reports.outcomes[0].second), "accepted");
  ASSERT_EQ(range->seen().all().size(), 1u);
  EXPECT_EQ(range->seen().all()[0].who, "radio");
}

TEST_F(OverTheRange, RefusesFaultsThatItDoesNotKnow) {
  for (const char* bad : {"", "{", "[]", R"({"side":"x"})", R"({"side":"mastodon","kind":"x"})",
                          R"({"side":"phones","fate":"x"})", R"({"side":"mastodon","status":99})"})
    EXPECT_EQ(fault(bad), "400") << bad;
  EXPECT_EQ(fault(R"({"side":"phones","prefix":"+999","fate":"lost"})"), "204");
}

TEST_F(OverTheRange, ShowsWhatIsNewSinceAnIndex) {
  post("a");
  post("b");
  const auto all = boost::json::parse(call("GET", "/seen.json")->body).as_object();
  EXPECT_EQ(all.at("seen").as_array().size(), 2u);
  EXPECT_EQ(all.at("next").to_number<int>(), 2);
  const auto news = boost::json::parse(call("GET", "/seen.json?after=1")->body).as_object();
  EXPECT_EQ(news.at("seen").as_array().size(), 1u);
  EXPECT_TRUE(boost::json::parse(call("GET", "/seen.json?after=99")->body).as_object().at("seen").as_array().empty());
}

TEST_F(OverTheRange, ShowsAPageInTheLanguageAskedForAndNothingFromElsewhere) {
  const auto english = call("GET", "/?lang=en"), indonesian = call("GET", "/?lang=id");
  EXPECT_NE(english->body.find("What the public sees"), std::string::npos);
  EXPECT_NE(indonesian->body.find("Yang dilihat masyarakat"), std::string::npos);
  for (const auto& answer : {english, indonesian}) {
    EXPECT_EQ(answer->body.find("{{"), std::string::npos);
    EXPECT_EQ(answer->body.find("«"), std::string::npos);
    EXPECT_EQ(answer->body.find("http://"), std::string::npos);
    EXPECT_EQ(answer->body.find("https://"), std::string::npos);
  }
  EXPECT_EQ(call("GET", "/nothing")->status, 404);
}

}  // namespace
}  // namespace broadcaster::channels
