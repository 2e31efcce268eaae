#include "channels/mastodon/mastodon.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "channels/http/read_back.hpp"
#include "channels/mastodon/mastodon_range.hpp"
#include "channels/mastodon/status_text.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels::mastodon {
namespace {

const std::string words =
    "LATIHAN TP12\n\nTsunami & <gempa>: naik ke https://tirtapura.example/evakuasi/jalur-utara-2 \"sekarang\"";

std::unique_ptr<HttpChannel> channel() {
  return http_channel(plan::EndpointName("mastodon-drill"), {"https://s.example", "token-12345678", "unlisted"});
}

std::string status_json(const std::string& id, const std::string& text) {
  return boost::json::serialize(boost::json::object{{"id", id}, {"content", html_of_text(text)}});
}

TEST(Mastodon, PostsOnceWithKeyTokenLanguageAndVisibility) {
  const auto attempt = attempt_of(words);
  const auto step = channel()->step(attempt, nullptr, noon());
  const auto& request = std::get<net::HttpRequest>(step);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://s.example/api/v1/statuses");
  EXPECT_EQ(request.repeat, net::HttpRequest::Repeat::never);
  EXPECT_EQ(header_of(request, "Authorization"), "Bearer token-12345678");
  EXPECT_EQ(header_of(request, "Idempotency-Key"), attempt.key);
  const auto body = boost::json::parse(request.body).as_object();
  EXPECT_EQ(body.at("status").as_string(), words);
  EXPECT_EQ(body.at("language").as_string(), "id");
  EXPECT_EQ(body.at("visibility").as_string(), "unlisted");
}

TEST(Mastodon, KnowsEveryAnswer) {
  const struct {
    net::HttpResult answer;
    const char* want;
  } rows[] = {
      {answered(200, status_json("109", words)), "accepted"},
      {answered(200, "<html>maintenance</html>"), "unknown"},
      {answered(200, R"({"id": "10)"), "unknown"},
      {answered(200, R"({"id": 109})"), "unknown"},
      {answered(200, R"({"id": "../../evil"})"), "unknown"},
      {answered(200), "unknown"},
      {answered(301), "refused(endpoint)"},
      {answered(401, R"({"error":"The access token is invalid"})"), "refused(credentials)"},
      {answered(403), "refused(credentials)"},
      {answered(404), "refused(endpoint)"},
      {answered(422, R"({"error":"Validation failed"})"), "refused(message)"},
      {answered(429, {}, {{"X-RateLimit-Reset", "2026-11-24T05:03:00.000Z"}}), "not_sent"},
      {answered(500), "unknown"},  // on a repeat too: some versions answer so although they know the key
      {answered(502), "unknown"},
      {answered(503), "unknown"},
      {answered(504), "unknown"},
      {failed(net::HttpFailure::Sent::no, net::HttpFailure::Phase::connect), "not_sent"},
      {failed(net::HttpFailure::Sent::maybe, net::HttpFailure::Phase::answer), "unknown"},
  };
  for (const auto& row : rows) {
    const auto step = channel()->step(attempt_of(words), &row.answer, noon());
    EXPECT_EQ(said(step), row.want) << (row.answer ? row.answer->status : 0);
  }
  const auto step = channel()->step(attempt_of(words), &rows[0].answer, noon());
  EXPECT_EQ(std::get<delivery::Accepted>(std::get<delivery::Outcome>(step)).ref, "109");
}

std::string in_reply_to(const Step& step) {
  const auto body = boost::json::parse(std::get<net::HttpRequest>(step).body).as_object();
  const auto* id = body.if_contains("in_reply_to_id");
  return id ? std::string(id->as_string()) : "(none)";
}

TEST(Mastodon, AFollowUpIsAReplyToThePostThatItFollows) {
  auto attempt = attempt_of(words);
  EXPECT_EQ(in_reply_to(channel()->step(attempt, nullptr, noon())), "(none)");
  attempt.follows_ref = "108";
  EXPECT_EQ(in_reply_to(channel()->step(attempt, nullptr, noon())), "108");
  attempt.follows_ref = "../../evil";
  EXPECT_EQ(in_reply_to(channel()->step(attempt, nullptr, noon())), "(none)");
}

TEST(Mastodon, WhereThePostIsGoneTheFollowUpStandsAlone) {
  auto attempt = attempt_of(words);
  attempt.follows_ref = "108";
  for (const int status : {400, 403, 404, 410, 422}) {
    const auto gone = answered(status, R"({"error":"Record not found"})");
    const auto step = channel()->step(attempt, &gone, noon());
    ASSERT_EQ(said(step), "continues") << status;
    auto again = attempt;
    again.memo = std::get<delivery::Continues>(std::get<delivery::Outcome>(step)).memo;
    EXPECT_EQ(in_reply_to(channel()->step(again, nullptr, noon())), "(none)");
    EXPECT_EQ(std::get<net::HttpRequest>(channel()->step(again, nullptr, noon())).headers,
              std::get<net::HttpRequest>(channel()->step(attempt, nullptr, noon())).headers)
        << "the same key: it is one post";
    // What is said to it now is said to the post itself.
    EXPECT_NE(said(channel()->step(again, &gone, noon())), "continues");
  }
  for (const int status : {401, 429, 500, 503}) {
    const auto other = answered(status);
    EXPECT_NE(said(channel()->step(attempt, &other, noon())), "continues") << status;
  }
}

TEST(Mastodon, ConfirmsOnlyAPostThatShowsTheTextAsSent) {
  const auto attempt = attempt_of(words);
  const net::HttpAnswer created{200, {}, status_json("109", words)};
  const auto first = channel()->prove(attempt, created, nullptr, noon());
  EXPECT_EQ(std::get<net::HttpRequest>(first).url, "https://s.example/api/v1/statuses/109");

  const auto same = answered(200, status_json("109", words));
  const auto proof = *std::get<std::optional<delivery::Evidence>>(channel()->prove(attempt, created, &same, noon()));
  EXPECT_EQ(proof.proof, delivery::Proof::confirmed);
  EXPECT_EQ(proof.kind, "read_back");
  EXPECT_EQ(std::get<delivery::DeliveryId>(proof.about), delivery::DeliveryId(42));

  const auto other = answered(200, status_json("109", "an older text"));
  const auto doubt = *std::get<std::optional<delivery::Evidence>>(channel()->prove(attempt, created, &other, noon()));
  EXPECT_EQ(doubt.proof, delivery::Proof::accepted);
  EXPECT_EQ(doubt.kind, "read_back_differs");
  EXPECT_NE(doubt.detail.find("shown \"an older text\""), std::string::npos) << doubt.detail;

  for (const auto& nothing : {answered(404), answered(200, "half"), answered(500)})
    EXPECT_FALSE(std::get<std::optional<delivery::Evidence>>(channel()->prove(attempt, created, &nothing, noon())));
}

TEST(Mastodon, APostThatFewerPeopleSeeThanApprovedIsADifference) {
  const auto attempt = attempt_of(words);
  const net::HttpAnswer created{200, {}, status_json("109", words)};
  const auto shown = [&](const char* key, const char* value) {
    auto status = boost::json::parse(status_json("109", words)).as_object();
    status[key] = value;
    const auto answer = answered(200, boost::json::serialize(status));
    return *std::get<std::optional<delivery::Evidence>>(channel()->prove(attempt, created, &answer, noon()));
  };
  EXPECT_EQ(shown("visibility", "unlisted").kind, "read_back");
  EXPECT_EQ(shown("visibility", "direct").detail, "status 109: visibility direct, not unlisted");
  EXPECT_EQ(shown("spoiler_text", "").kind, "read_back");
  EXPECT_EQ(shown("spoiler_text", "politics").kind, "read_back_differs");
}

TEST(Mastodon, LooksForAnUnknownPostOnItsOwnTimeline) {
  const auto attempt = attempt_of(words);
  const auto who = channel()->ask(attempt, nullptr, noon());
  EXPECT_EQ(std::get<net::HttpRequest>(who).url, "https://s.example/api/v1/accounts/verify_credentials");
  const auto me = answered(200, R"({"id":"7","acct":"drill"})");
  const auto list = channel()->ask(attempt, &me, noon());
  EXPECT_TRUE(std::get<net::HttpRequest>(list).url.starts_with("https://s.example/api/v1/accounts/7/statuses?"));

  const auto there = answered(200, "[" + status_json("1", "TP12 other words") + "," + status_json("2", words) + "]");
  const auto proof = std::get<std::optional<delivery::Evidence>>(channel()->ask(attempt, &there, noon()));
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->proof, delivery::Proof::confirmed);

  const auto absent = answered(200, "[" + status_json("1", "TP12 other words") + "]");
  EXPECT_FALSE(std::get<std::optional<delivery::Evidence>>(channel()->ask(attempt, &absent, noon())));
  const auto broken = answered(401);
  EXPECT_FALSE(std::get<std::optional<delivery::Evidence>>(channel()->ask(attempt, &broken, noon())));
}

TEST(StatusText, IsWhatAReaderSees) {
  EXPECT_FALSE(difference(words, text_of_html(html_of_text(words))));
  EXPECT_EQ(text_of_html("<p>a<br />b &amp; &#39;c&#x27; &lt;d&gt; &unknown;</p>"), "a\nb & 'c' <d> &unknown;\n");
  EXPECT_EQ(text_of_html("unclosed <a href"), "unclosed ");
}

struct RangeOfMastodon : testing::Test {
  SeenBook seen;
  MastodonRange range{seen, {{"good", "drill"}}};

  RangeAnswer send(const std::string& method, const std::string& target, const std::string& body = {},
                   const std::string& key = {}, const std::string& token = "good", base::WallTime now = noon()) {
    net::ServerRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
    if (!key.empty()) request.headers.emplace_back("Idempotency-Key", key);
    return range.handle(request, now);
  }
  static std::string id_of(const RangeAnswer& answer) {
    return std::string(boost::json::parse(answer.body).as_object().at("id").as_string());
  }
};

TEST_F(RangeOfMastodon, GivesTheFirstStatusAgainForAKeyWithinAnHour) {
  const auto first = send("POST", "/api/v1/statuses", R"({"status":"one"})", "k");
  const auto again =
      send("POST", "/api/v1/statuses", R"({"status":"two"})", "k", "good", noon() + std::chrono::minutes(59));
  EXPECT_EQ(id_of(first), id_of(again));
  EXPECT_EQ(seen.all().size(), 1u);
  const auto later =
      send("POST", "/api/v1/statuses", R"({"status":"two"})", "k", "good", noon() + std::chrono::minutes(61));
  EXPECT_NE(id_of(first), id_of(later));
}

TEST_F(RangeOfMastodon, RefusesStrangersAndLongTexts) {
  EXPECT_EQ(send("POST", "/api/v1/statuses", R"({"status":"x"})", {}, "bad").status, 401);
  EXPECT_EQ(send("POST", "/api/v1/statuses", R"({"status":")" + std::string(501, 'x') + "\"}").status, 422);
  EXPECT_EQ(send("POST", "/api/v1/statuses",
                 R"({"status":")" + std::string(476, 'x') + " https://" + std::string(60, 'y') + "\"}")
                .status,
            200);
  EXPECT_EQ(send("POST", "/api/v1/statuses", R"({"status":""})").status, 422);
  EXPECT_EQ(send("GET", "/api/v1/statuses/nothing").status, 404);
}

TEST_F(RangeOfMastodon, SaysWhenItsWindowOpensAgain) {
  for (int i = 0; i < MastodonRange::most_requests; ++i) EXPECT_NE(send("GET", "/api/v1/statuses/1").status, 429);
  const auto full = send("GET", "/api/v1/statuses/1", {}, {}, "good", noon() + std::chrono::minutes(1));
  EXPECT_EQ(full.status, 429);
  EXPECT_EQ(*net::find_header(full.headers, "X-RateLimit-Reset"), "2026-11-24T05:05:00.000Z");
  EXPECT_NE(send("GET", "/api/v1/statuses/1", {}, {}, "good", noon() + std::chrono::minutes(6)).status, 429);
}

}  // namespace
}  // namespace broadcaster::channels::mastodon
