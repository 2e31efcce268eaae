#include "channels/webhook/webhook.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "channels/webhook/webhook_range.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels::webhook {
namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::unique_ptr<HttpChannel> channel() { return http_channel({"https://partner.example/hook", *key_of(secret)}); }

TEST(Webhook, SignsAsTheSpecificationsOwnVector) {
  EXPECT_EQ(signature(*key_of(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, TakesNoOtherSecret) {
  for (const char* bad : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_***"})
    EXPECT_FALSE(key_of(bad)) << bad;
}

TEST(Webhook, SaysWhatHappenedAndIsSigned) {
  const auto attempt = attempt_of("Naik ke tempat tinggi");
  const auto step = channel()->step(attempt, nullptr, noon());
  const auto& request = std::get<net::HttpRequest>(step);
  EXPECT_EQ(header_of(request, "webhook-id"), attempt.key);
  EXPECT_EQ(header_of(request, "webhook-signature"),
            signature(*key_of(secret), attempt.key, header_of(request, "webhook-timestamp"), request.body));
  const auto event = boost::json::parse(request.body).as_object();
  EXPECT_EQ(event.at("type").as_string(), "alert.issued");
  EXPECT_EQ(event.at("timestamp").as_string(), "2026-11-24T05:00:00.000Z");
  const auto data = event.at("data").as_object();
  EXPECT_EQ(data.at("identifier").as_string(), "tirtapura-2026-11-24-1");
  EXPECT_EQ(data.at("code").as_string(), "TP12");
  EXPECT_EQ(data.at("mode").as_string(), "drill");
  EXPECT_EQ(data.at("text").as_string(), "Naik ke tempat tinggi");
}

TEST(Webhook, ALaterTryIsTheSameEventAtATimeOfItsOwn) {
  const auto attempt = attempt_of("Naik");
  const auto first = std::get<net::HttpRequest>(channel()->step(attempt, nullptr, noon()));
  const auto later = std::get<net::HttpRequest>(channel()->step(attempt, nullptr, noon() + std::chrono::minutes(9)));
  EXPECT_EQ(later.body, first.body);
  EXPECT_EQ(header_of(later, "webhook-id"), header_of(first, "webhook-id"));
  EXPECT_EQ(std::stoll(header_of(later, "webhook-timestamp")) - std::stoll(header_of(first, "webhook-timestamp")), 540);
}

TEST(Webhook, SaysThatAnAlertHasEnded) {
  auto attempt = attempt_of("Aman");
  auto content = *attempt.content;
  content.is_stop = true;
  attempt.content = std::make_shared<const delivery::Content>(content);
  const auto step = channel()->step(attempt, nullptr, noon());
  EXPECT_EQ(boost::json::parse(std::get<net::HttpRequest>(step).body).at("type").as_string(), "alert.ended");
}

TEST(Webhook, KnowsEveryAnswer) {
  const struct {
    net::HttpResult answer;
    const char* want;
  } rows[] = {{answered(200), "accepted"},
              {answered(204), "accepted"},
              {answered(302), "refused(endpoint)"},
              {answered(400), "refused(message)"},
              {answered(401), "refused(credentials)"},
              {answered(410), "refused(endpoint)"},
              {answered(429, {}, {{"Retry-After", "5"}}), "not_sent"},
              {answered(500), "unknown"},
              {answered(502), "unknown"},
              {answered(504), "unknown"},
              {failed(net::HttpFailure::Sent::maybe, net::HttpFailure::Phase::timeout), "unknown"}};
  for (const auto& row : rows) EXPECT_EQ(said(channel()->step(attempt_of("x"), &row.answer, noon())), row.want);
}

TEST(RangeOfWebhooks, SeesWhatIsSignedOnceAndNothingElse) {
  SeenBook seen;
  WebhookRange range(seen, *key_of(secret));
  const auto step = channel()->step(attempt_of("Naik"), nullptr, noon());
  const auto& sent = std::get<net::HttpRequest>(step);
  net::ServerRequest request;
  request.method = "POST";
  request.target = "/radio";
  request.headers = sent.headers;
  request.body = sent.body;
  EXPECT_EQ(range.handle(request, noon()).status, 204);
  EXPECT_EQ(range.handle(request, noon()).status, 204);
  ASSERT_EQ(seen.all().size(), 1u);
  EXPECT_EQ(seen.all()[0].who, "radio");
  EXPECT_EQ(seen.all()[0].text, "Naik");
  EXPECT_EQ(range.handle(request, noon() + std::chrono::minutes(6)).status, 401);
  request.body += " ";
  EXPECT_EQ(range.handle(request, noon()).status, 401);
}

}  // namespace
}  // namespace broadcaster::channels::webhook
