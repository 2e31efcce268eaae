#include <gtest/gtest.h>

#include "channels/http/query.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels {
namespace {

using Sent = net::HttpFailure::Sent;
using Phase = net::HttpFailure::Phase;
using std::chrono::milliseconds;

std::string common(const net::HttpResult& result) {
  const auto outcome = common_outcome(result, noon());
  return outcome ? said(*outcome) : "look yourself";
}

TEST(CommonOutcome, HasAnAnswerForEveryStatus) {
  for (int status = 100; status < 600; ++status) {
    const std::string got = common(answered(status));
    std::string want = "unknown";
    if (status >= 200 && status < 300) want = "look yourself";
    if (status >= 300 && status < 400) want = "refused(endpoint)";
    if (status >= 400 && status < 500) want = "refused(message)";
    if (status == 401 || status == 403) want = "refused(credentials)";
    if (status == 404 || status == 405 || status == 410) want = "refused(endpoint)";
    if (status == 408 || status == 425 || status == 429) want = "not_sent";
    EXPECT_EQ(got, want) << status;
  }
}

TEST(CommonOutcome, TakesA503ForNotSentOnlyWhenItNamesATime) {
  EXPECT_EQ(common(answered(503)), "unknown");
  EXPECT_EQ(common(answered(503, {}, {{"Retry-After", "soon"}})), "unknown");
  const auto outcome = common_outcome(answered(503, {}, {{"Retry-After", "7"}}), noon());
  EXPECT_EQ(std::get<delivery::NotSent>(*outcome).after, milliseconds(7'000));
}

TEST(CommonOutcome, KeepsTheTimeOfA429) {
  const auto outcome = common_outcome(answered(429, {}, {{"X-RateLimit-Reset", "2026-11-24T05:01:30Z"}}), noon());
  EXPECT_EQ(std::get<delivery::NotSent>(*outcome).after, milliseconds(90'000));
}

TEST(CommonOutcome, AsksOfAFailureOnlyWhetherBytesLeft) {
  for (const auto phase : {Phase::name, Phase::connect, Phase::tls, Phase::timeout, Phase::cancelled})
    EXPECT_EQ(common(failed(Sent::no, phase)), "not_sent");
  for (const auto phase : {Phase::send, Phase::answer, Phase::timeout, Phase::too_large, Phase::cancelled})
    EXPECT_EQ(common(failed(Sent::maybe, phase)), "unknown");
  EXPECT_EQ(common(failed(Sent::no, Phase::request)), "refused(endpoint)");
}

TEST(RetryAfter, ReadsEverySpelling) {
  const struct {
    const char* name;
    const char* value;
    long want_ms;
  } rows[] = {
      {"Retry-After", "0", 0},
      {"Retry-After", "120", 120'000},
      {"retry-after", " 3 ", 3'000},
      {"Retry-After", "1.5", 1'500},
      {"Retry-After", "Tue, 24 Nov 2026 05:00:10 GMT", 10'000},
      {"Retry-After", "Tuesday, 24-Nov-26 05:00:10 GMT", 10'000},
      {"Retry-After", "Tue Nov 24 05:00:10 2026", 10'000},
      {"RateLimit-Reset", "30", 30'000},
      {"RateLimit-Reset", "1795496460", 60'000},
      {"X-RateLimit-Reset", "1795496460", 60'000},
      {"X-RateLimit-Reset", "1795496460.25", 60'250},
      {"X-RateLimit-Reset", "1795496460000", 60'000},
      {"X-RateLimit-Reset", "2026-11-24T05:01:00.500Z", 60'500},
      {"X-RateLimit-Reset", "2026-11-24T12:01:00+07:00", 60'000},
      {"X-RateLimit-Reset", "2026-11-24 05:01:00 UTC", 60'000},
      {"X-RateLimit-Reset", "2026-11-24T04:59:00Z", 0},  // past
      {"Retry-After", "86400", 3'600'000},               // bounded
      {"Retry-After", "Wed, 25 Nov 2026 05:00:00 GMT", 3'600'000},
      {"X-RateLimit-Reset", "99999999999999999999", 3'600'000},
      {"Retry-After", "-5", 0},
      {"Retry-After", "-9999999999999999", 0},
  };
  for (const auto& row : rows) {
    const net::HttpAnswer answer{429, {{row.name, row.value}}, {}};
    const auto got = retry_after(answer, noon());
    ASSERT_TRUE(got) << row.value;
    EXPECT_EQ(got->count(), row.want_ms) << row.name << ": " << row.value;
  }
}

TEST(RetryAfter, SaysNothingOfWhatItCannotRead) {
  for (const char* value : {"", "soon", "-5x", "2026-13-40T00:00:00Z", "2026-11-24T05:01:00", "nan", "inf",
                            "Tue, 24 Foo 2026 05:00:10 GMT"}) {
    const net::HttpAnswer answer{429, {{"Retry-After", value}}, {}};
    EXPECT_FALSE(retry_after(answer, noon())) << value;
  }
}

TEST(RetryAfter, PutsRetryAfterFirst) {
  const net::HttpAnswer answer{429, {{"X-RateLimit-Reset", "2026-11-24T05:05:00Z"}, {"Retry-After", "2"}}, {}};
  EXPECT_EQ(retry_after(answer, noon()), milliseconds(2'000));
}

TEST(WhatItSaid, IsOneShortLineInWords) {
  const auto words = [](std::string body) { return what_it_said({422, {}, std::move(body)}); };
  EXPECT_EQ(words(R"({"error":"Validation failed"})"), "HTTP 422: Validation failed");
  EXPECT_EQ(words(R"({"error":{"message":"no"}})"), "HTTP 422: no");
  EXPECT_EQ(words("Sending failed.\nmore"), "HTTP 422: Sending failed.");
  EXPECT_EQ(words("<html>a page</html>"), "HTTP 422");
  EXPECT_EQ(words("{broken"), "HTTP 422");
  EXPECT_EQ(words("a\x01\xff"), "HTTP 422: a ?");
  EXPECT_LE(words(std::string(5000, 'x')).size(), 300u);
}

TEST(WhatItSaid, CutsNoCharacterInTwo) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "é";
  EXPECT_EQ(fit_for_record(text, 301).size(), 300u);
}

TEST(Query, ComesBackAsItWent) {
  const std::string odd = "a b&c=d%é+/";
  EXPECT_EQ(read_query("x=" + percent_encoded(odd) + "&y=1")["x"], odd);
  EXPECT_EQ(read_query("a=1+2%2B%zz%4")["a"], "1 2+%zz%4");
}

}  // namespace
}  // namespace broadcaster::channels
