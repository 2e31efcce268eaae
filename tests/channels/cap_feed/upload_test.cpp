// What a web server says of a GET and a PUT, and what it is asked under which condition.
#include "channels/cap_feed/upload.hpp"

#include "tests/channels/cap_feed/support.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

std::string told(const Answer& answer) {
  if (const auto* found = std::get_if<Found>(&answer)) return "found " + found->tag;
  if (std::holds_alternative<Absent>(answer)) return "absent";
  if (std::holds_alternative<Stored>(answer)) return "stored";
  if (std::holds_alternative<Changed>(answer)) return "changed";
  return said(std::get<Failed>(answer).outcome);
}

TEST(Upload, TableOfAnswersToAPut) {
  using Sent = net::HttpFailure::Sent;
  using Phase = net::HttpFailure::Phase;
  const std::pair<net::HttpResult, const char*> rows[] = {
      {answered(200), "stored"},
      {answered(201), "stored"},
      {answered(204), "stored"},
      {answered(301), "refused(endpoint)"},
      {answered(401), "refused(credentials)"},
      {answered(403), "refused(credentials)"},
      {answered(404), "refused(endpoint)"},
      {answered(405), "refused(endpoint)"},
      {answered(408), "not_sent"},
      {answered(409), "not_sent"},
      {answered(412), "changed"},
      {answered(413), "refused(message)"},
      {answered(429), "not_sent"},
      {answered(500), "unknown"},
      {answered(502), "unknown"},
      {answered(503), "unknown"},
      {answered(503, "", {{"Retry-After", "5"}}), "not_sent"},
      {answered(507), "not_sent"},
      {failed(Sent::no, Phase::connect), "not_sent"},
      {failed(Sent::no, Phase::tls), "not_sent"},
      {failed(Sent::no, Phase::withheld), "not_sent"},
      {failed(Sent::maybe, Phase::send), "unknown"},
      {failed(Sent::maybe, Phase::answer), "unknown"},
      {failed(Sent::maybe, Phase::timeout), "unknown"},
  };
  for (const auto& [result, wanted] : rows)
    EXPECT_EQ(told(answer_to_put(result, noon())), wanted) << (result ? result->status : 0);
}

TEST(Upload, TableOfAnswersToAGet) {
  using Sent = net::HttpFailure::Sent;
  using Phase = net::HttpFailure::Phase;
  const std::pair<net::HttpResult, const char*> rows[] = {
      {answered(200, "x", {{"ETag", "\"a1\""}}), "found \"a1\""},
      {answered(200, "x", {{"ETag", "W/\"a1\""}}), "found "},  // RFC 9110 §13.1.1: a weak one never matches
      {answered(200, "x"), "found "},
      {answered(204), "unknown"},
      {answered(302), "refused(endpoint)"},
      {answered(401), "refused(credentials)"},
      {answered(403), "refused(credentials)"},
      {answered(404), "absent"},
      {answered(410), "absent"},
      {answered(500), "unknown"},
      {failed(Sent::no, Phase::connect), "not_sent"},
      {failed(Sent::maybe, Phase::answer), "unknown"},
      {failed(Sent::maybe, Phase::too_large), "unknown"},
  };
  for (const auto& [result, wanted] : rows)
    EXPECT_EQ(told(answer_to_get(result, noon())), wanted) << (result ? result->status : 0);
}

/// Keeps what it is asked.
struct Asked final : net::HttpClient {
  std::vector<net::HttpRequest> requests;
  net::RequestId send(net::HttpRequest request, std::move_only_function<void(net::HttpResult)>) override {
    requests.push_back(std::move(request));
    return {};
  }
  void cancel(net::RequestId) override {}
  std::size_t in_flight() const override { return 0; }
};

TEST(Upload, AWriteSaysWhatItExpectsToReplace) {
  Asked http;
  base::SystemClock clock;
  Upload place("https://alerts.example/cap/", {"Bearer abc"}, http, clock);
  place.write({"a.xml", "<a/>", "application/cap+xml", std::nullopt}, {}, [](Answer) {});
  place.write({"index.atom", "<f/>", "application/atom+xml", "\"a1\""}, {}, [](Answer) {});
  place.write({"index.atom", "<f/>", "application/atom+xml", ""}, {}, [](Answer) {});
  place.read({"a.xml"}, [](Answer) {});
  ASSERT_EQ(http.requests.size(), 4u);
  EXPECT_EQ(http.requests[0].method, "PUT");
  EXPECT_EQ(http.requests[0].url, "https://alerts.example/cap/a.xml");
  EXPECT_EQ(header_of(http.requests[0], "If-None-Match"), "*");
  EXPECT_EQ(header_of(http.requests[0], "Content-Type"), "application/cap+xml");
  EXPECT_EQ(header_of(http.requests[0], "Authorization"), "Bearer abc");
  EXPECT_EQ(header_of(http.requests[1], "If-Match"), "\"a1\"");
  EXPECT_EQ(header_of(http.requests[1], "If-None-Match"), "(none)");
  EXPECT_EQ(header_of(http.requests[2], "If-Match"), "(none)") << "a server without tags";
  EXPECT_EQ(http.requests[3].method, "GET");
  EXPECT_EQ(header_of(http.requests[3], "Cache-Control"), "no-cache");
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
