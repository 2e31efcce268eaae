#include "channels/sms/kannel.hpp"

#include <gtest/gtest.h>

#include "channels/http/query.hpp"
#include "channels/sms/body.hpp"
#include "channels/sms/receipt.hpp"
#include "tests/channels/attempts.hpp"

namespace broadcaster::channels::sms {
namespace {

const plan::EndpointName endpoint("sms-drill");
const std::string password = "very-secret-password";

std::unique_ptr<HttpChannel> channel(std::string smsc = {}) {
  return http_channel(
      endpoint, {"http://127.0.0.1:13013", "drill", password, "BPBD", std::move(smsc), "http://127.0.0.1:8099/hooks/"});
}

net::HttpRequest request_of(const delivery::Attempt& attempt, base::WallTime now = noon()) {
  return std::get<net::HttpRequest>(channel()->step(attempt, nullptr, now));
}

TEST(Kannel, SendsOnePostToOnePhone) {
  const auto request = request_of(attempt_of("LATIHAN: naik ke tempat tinggi", "+99955500001"));
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://127.0.0.1:13013/cgi-bin/sendsms");
  EXPECT_EQ(request.repeat, net::HttpRequest::Repeat::never);
  EXPECT_EQ(header_of(request, "X-Kannel-Username"), "drill");
  EXPECT_EQ(header_of(request, "X-Kannel-Password"), password);
  EXPECT_EQ(header_of(request, "X-Kannel-From"), "BPBD");
  EXPECT_EQ(header_of(request, "X-Kannel-To"), "+99955500001");
  EXPECT_EQ(header_of(request, "X-Kannel-DLR-Mask"), "27");
  EXPECT_EQ(header_of(request, "X-Kannel-SMSC"), "(none)");
  EXPECT_EQ(request.body, "LATIHAN: naik ke tempat tinggi");
  const auto step = channel("operator-1")->step(attempt_of("x", "+99955500001"), nullptr, noon());
  EXPECT_EQ(header_of(std::get<net::HttpRequest>(step), "X-Kannel-SMSC"), "operator-1");
}

TEST(Kannel, ChoosesTheCodingFromTheTextAndAlwaysSaysIt) {
  const auto plain = request_of(attempt_of("Señal € {1}", "+99955500001"));
  EXPECT_EQ(header_of(plain, "X-Kannel-Coding"), "0");
  EXPECT_EQ(header_of(plain, "Content-Type"), "text/plain; charset=UTF-8");
  const auto wide = request_of(attempt_of("“ê😀", "+99955500001"));
  EXPECT_EQ(header_of(wide, "X-Kannel-Coding"), "2");
  EXPECT_EQ(header_of(wide, "Content-Type"), "text/plain; charset=UTF-16BE");
  EXPECT_EQ(wide.body, std::string("\x20\x1c\x00\xea\xd8\x3d\xde\x00", 8));
}

TEST(Kannel, GivesTheRemainingLifeInMinutesRoundedDownToTheShortest) {
  const auto attempt = attempt_of("x", "+99955500001");
  using std::chrono::seconds;
  const struct {
    seconds left;
    const char* want;
  } rows[] = {{seconds(10'800), "180"}, {seconds(10'799), "179"}, {seconds(119), "1"},
              {seconds(60), "1"},       {seconds(1), "1"},        {seconds(-5), "1"}};
  for (const auto& row : rows)
    EXPECT_EQ(header_of(request_of(attempt, attempt.expires - row.left), "X-Kannel-Validity"), row.want);
}

TEST(Kannel, SendsNothingToWhatIsNoNumber) {
  for (const char* number : {"", "+", "12 34", "0812x", "+99955500001\r\nX-Kannel-From: evil", "1234567890123456"})
    EXPECT_EQ(said(channel()->step(attempt_of("x", number), nullptr, noon())), "refused(recipient)") << number;
}

TEST(Kannel, KnowsEveryAnswer) {
  const struct {
    net::HttpResult answer;
    const char* want;
  } rows[] = {
      {answered(202, "0: Accepted for delivery"), "accepted"},
      {answered(202, "3: Queued for later delivery"), "accepted"},
      {answered(202, "Sent."), "accepted"},
      {answered(202, "<html>"), "unknown"},
      {answered(202), "unknown"},
      {answered(200, "hello"), "unknown"},
      {answered(400, "Missing receiver number, rejected"), "refused(recipient)"},
      {answered(400, "Number(s) has/have been denied by white- and/or black-lists."), "refused(recipient)"},
      {answered(400, "Garbage 'to' field, rejected."), "refused(recipient)"},
      {answered(400, "Sender missing and no global set, rejected"), "refused(endpoint)"},
      {answered(400, "UDH field misformed, rejected"), "refused(message)"},
      {answered(403, "Authorization failed for sendsms"), "refused(credentials)"},
      {answered(403, "Not routable. Do not try again."), "refused(recipient)"},
      {answered(404, "Unknown request."), "refused(endpoint)"},
      {answered(500, "Sending failed."), "unknown"},
      {answered(503, "Temporal failure, try again later."), "not_sent"},
      {answered(503, "a proxy"), "unknown"},
      {failed(net::HttpFailure::Sent::no, net::HttpFailure::Phase::connect), "not_sent"},
      {failed(net::HttpFailure::Sent::maybe, net::HttpFailure::Phase::send), "unknown"},
  };
  for (const auto& row : rows) {
    const auto step = channel()->step(attempt_of("x", "+99955500001"), &row.answer, noon());
    EXPECT_EQ(said(step), row.want) << (row.answer ? row.answer->body : "failure");
  }
}

TEST(Kannel, RecordsThatTheGatewayHasNoLinkToAnOperator) {
  const net::HttpAnswer queued{202, {}, "3: Queued for later delivery"};
  const auto said_so = channel()->prove(attempt_of("x", "+99955500001"), queued, nullptr, noon());
  const auto& evidence = std::get<std::optional<delivery::Evidence>>(said_so);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->proof, delivery::Proof::accepted);
  EXPECT_EQ(evidence->kind, "queued");
}

/// What Kannel asks for: the address of the attempt with its escapes filled in.
net::ServerRequest receipt(const std::string& url, const std::string& type, const std::string& id = "m1",
                           const std::string& words = "ACK/") {
  std::string query = url.substr(url.find('?') + 1);
  const auto put = [&query](std::string_view escape, const std::string& with) {
    query.replace(query.find(escape), escape.size(), percent_encoded(with));
  };
  put("%d", type);
  put("%F", id);
  put("%A", words);
  net::ServerRequest request;
  request.method = "GET";
  request.query = query;
  return request;
}

std::string receipt_address(const std::string& text = "x") {
  return header_of(request_of(attempt_of(text, "+99955500001")), "X-Kannel-DLR-Url");
}

TEST(KannelReceipt, ProvesWhatItsTypeSays) {
  EXPECT_TRUE(receipt_address().starts_with("http://127.0.0.1:8099/hooks/sms-drill?"));
  const struct {
    const char* type;
    delivery::Proof proof;
  } rows[] = {{"1", delivery::Proof::confirmed},
              {"2", delivery::Proof::failed},
              {"4", delivery::Proof::accepted},
              {"8", delivery::Proof::accepted},
              {"16", delivery::Proof::failed}};
  for (const auto& row : rows) {
    const auto got =
        channel()->receive(receipt(receipt_address(), row.type, "m1", "NACK/0x0000000b/Invalid Dest"), noon());
    EXPECT_EQ(got.status, 200);
    ASSERT_EQ(got.evidence.size(), 1u);
    EXPECT_EQ(got.evidence[0].proof, row.proof);
    const auto& about = std::get<delivery::CarriedBack>(got.evidence[0].about);
    EXPECT_EQ(about.attempt, (delivery::AttemptId{delivery::DeliveryId(42), 1}));
    EXPECT_EQ(about.key, "5f1d0c1e");
    EXPECT_NE(got.evidence[0].detail.find("NACK/0x0000000b/Invalid Dest"), std::string::npos);
    EXPECT_NE(got.evidence[0].detail.find("m1"), std::string::npos);
  }
}

TEST(KannelReceipt, NamesTheTryThatItSpeaksOf) {
  auto second = attempt_of("x", "+99955500001");
  second.id.number = 2;
  const auto got = channel()->receive(receipt(header_of(request_of(second), "X-Kannel-DLR-Url"), "2"), noon());
  ASSERT_EQ(got.evidence.size(), 1u);
  EXPECT_EQ(std::get<delivery::CarriedBack>(got.evidence[0].about).attempt.number, 2);
}

TEST(KannelReceipt, OfTheFirstPartNeverConfirmsALongText) {
  const auto address = receipt_address(std::string(161, 'a'));
  const auto delivered = channel()->receive(receipt(address, "1"), noon());
  ASSERT_EQ(delivered.evidence.size(), 1u);
  EXPECT_EQ(delivered.evidence[0].proof, delivery::Proof::accepted);
  EXPECT_EQ(delivered.evidence[0].kind, "part_receipt");
  EXPECT_NE(delivered.evidence[0].detail.find("first of 2 parts"), std::string::npos);
  // Without its first part nobody can read it.
  EXPECT_EQ(channel()->receive(receipt(address, "2"), noon()).evidence.at(0).proof, delivery::Proof::failed);
}

TEST(KannelReceipt, HasAnAddressThatFitsKannelsTables) {
  auto attempt = attempt_of("x", "+99955500001");
  attempt.id = {delivery::DeliveryId(1'000'000'000), 100};
  attempt.key = std::string(40, 'f');
  EXPECT_LT(header_of(request_of(attempt), "X-Kannel-DLR-Url").size(), 255u);
}

TEST(KannelReceipt, IsRefusedWhenForged) {
  auto request = receipt(receipt_address(), "1");
  auto other = request;
  other.query.replace(other.query.find("d=42"), 4, "d=43");
  EXPECT_EQ(channel()->receive(other, noon()).status, 403);
  for (const auto& [was, forged] : {std::pair("&p=1", "&p=2"), {"&n=1", "&n=2"}, {"&i=5f", "&i=50"}}) {
    auto another = request;
    another.query.replace(another.query.find(was), std::string_view(was).size(), forged);
    EXPECT_EQ(channel()->receive(another, noon()).status, 403) << forged;
  }
  auto bare = request;
  bare.query = "d=42&n=1&i=5f1d0c1e&p=1&t=1&k=";
  EXPECT_EQ(channel()->receive(bare, noon()).status, 403);
  EXPECT_TRUE(channel()->receive(other, noon()).evidence.empty());
  const auto another = http_channel(plan::EndpointName("sms-live"), {"", "", password, "", "", ""});
  EXPECT_EQ(another->receive(request, noon()).status, 403);
}

TEST(KannelReceipt, IsRefusedWhenMalformed) {
  EXPECT_EQ(channel()->receive(receipt(receipt_address(), "3"), noon()).status, 400);
  EXPECT_EQ(channel()->receive(receipt(receipt_address(), "x"), noon()).status, 400);
  net::ServerRequest empty;
  EXPECT_EQ(channel()->receive(empty, noon()).status, 400);
}

TEST(KannelReceipt, BoundsAndCleansTheOperatorsWords) {
  const auto got = channel()->receive(receipt(receipt_address(), "2", "m", std::string(5000, 'x') + "\n"), noon());
  ASSERT_EQ(got.evidence.size(), 1u);
  EXPECT_LE(got.evidence[0].detail.size(), 1000u);
}

TEST(Kannel, KeepsItsPasswordOutOfEveryAddress) {
  EXPECT_EQ(receipt_address().find(password), std::string::npos);
  EXPECT_EQ(request_of(attempt_of("x", "+99955500001")).url.find(password), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::channels::sms
