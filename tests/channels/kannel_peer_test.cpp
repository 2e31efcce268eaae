// The whole way of an SMS over the real gateway: our channel, Kannel's smsbox and bearerbox, our centre, and back.
#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "broadcaster/net/child.hpp"
#include "broadcaster/net/ports.hpp"
#include "channels/sms/kannel.hpp"
#include "tests/channels/range_fixture.hpp"

namespace broadcaster::channels {
namespace {

struct OverKannel : RangeFixture {
  std::filesystem::path folder;
  unsigned short send_port = 0;
  std::unique_ptr<net::Child> bearerbox, smsbox;
  std::unique_ptr<net::HttpServer> hooks;
  std::unique_ptr<Channel> channel;
  std::string last_query;
  plan::Endpoint endpoint;

  void SetUp() override {
    if (::access("/usr/sbin/bearerbox", X_OK) != 0) GTEST_SKIP() << "Kannel is not installed";
    RangeFixture::SetUp();
    std::string pattern = (std::filesystem::temp_directory_path() / "kannel-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    serve_hooks();
    write_configuration();
    start_gateway();
    use("kannel-password");
    ASSERT_TRUE(until([&] { return range->smsc().bound() > 0; })) << "the gateway does not bind";
    ASSERT_TRUE(until([&] { return answers("/"); })) << "smsbox does not answer";
  }

  void TearDown() override {
    channel.reset();
    smsbox.reset();
    bearerbox.reset();
    if (!folder.empty()) std::filesystem::remove_all(folder);
  }

  void serve_hooks() {
    auto server =
        net::HttpServer::listen(*loop, "127.0.0.1", 0, [this](net::ServerRequest request, net::Responder responder) {
          last_query = request.query;
          auto got = channel->receive(request);
          for (auto& evidence : got.evidence) reports.proofs.push_back(std::move(evidence));
          responder.answer(got.status, {}, got.body);
        });
    ASSERT_TRUE(server);
    hooks = std::move(*server);
  }

  void write_configuration() {
    const auto admin = *net::free_port(), box = *net::free_port();
    send_port = *net::free_port();
    std::ofstream(folder / "kannel.conf") << fmt::format(R"(group = core
admin-port = {}
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = {}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
store-type = file
store-location = "{}/store"
dlr-storage = internal
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {}
transceiver-mode = true
smsc-username = kannel
smsc-password = secret
system-type = ""
throughput = 100

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {}
sendsms-interface = 127.0.0.1
http-request-retry = 3
http-queue-delay = 1

group = sendsms-user
username = drill
password = kannel-password
concatenation = true
max-messages = 10

group = sms-service
keyword = default
text = "x"
max-messages = 0
)",
                                                         admin, box, folder.string(), range->smsc_port(), send_port);
  }

  std::unique_ptr<net::Child> child(const std::string& program) {
    net::ChildOptions options;
    options.argv = {"/usr/sbin/" + program, "-v", "1", (folder / "kannel.conf").string()};
    options.output = folder / (program + ".log");
    auto started = net::Child::start(*loop, std::move(options));
    EXPECT_TRUE(started);
    return started ? std::move(*started) : nullptr;
  }

  /// smsbox ends when bearerbox is not there yet: it is started when the gateway has bound.
  void start_gateway() {
    bearerbox = child("bearerbox");
    ASSERT_TRUE(until([&] { return range->smsc().bound() > 0; }));
    smsbox = child("smsbox");
  }

  void use(const std::string& password) {
    endpoint.name = plan::EndpointName("sms-drill");
    endpoint.in_flight = 4;
    channel = over_http(
        sms::http_channel(endpoint.name, {fmt::format("http://127.0.0.1:{}", send_port), "drill", password, "BPBD", "",
                                          fmt::format("http://127.0.0.1:{}/hooks/", hooks->port())}),
        endpoint, tools);
  }

  bool answers(const std::string& path) {
    std::optional<bool> there;
    net::HttpRequest request;
    request.url = fmt::format("http://127.0.0.1:{}{}", send_port, path);
    request.repeat = net::HttpRequest::Repeat::safe;
    http->send(std::move(request), [&](const net::HttpResult& result) { there = result.has_value(); });
    until([&] { return there.has_value(); });
    return there.value_or(false);
  }

  std::string send(const std::string& text, const std::string& number, std::int64_t delivery = 42) {
    auto attempt = attempt_of(text, number);
    attempt.id.delivery = delivery::DeliveryId(delivery);
    attempt.expires = clock.now().wall + std::chrono::minutes(30);
    const auto before = reports.outcomes.size();
    channel->start({attempt});
    EXPECT_TRUE(until([&] { return reports.outcomes.size() > before; }));
    return said(reports.outcomes.back().second);
  }

  static std::int64_t about(const delivery::Evidence& evidence) {
    const auto* carried = std::get_if<delivery::CarriedBack>(&evidence.about);
    return carried ? carried->attempt.delivery.value : std::get<delivery::DeliveryId>(evidence.about).value;
  }

  bool proven(delivery::Proof proof, std::int64_t delivery = 42) {
    return until([&] {
      for (const auto& evidence : reports.proofs)
        if (evidence.proof == proof && about(evidence) == delivery) return true;
      return false;
    });
  }

  std::string shown(std::size_t index) {
    if (!until([&] { return range->seen().all().size() > index; })) return "(nothing)";
    return range->seen().all()[index].text;
  }
};

TEST_F(OverKannel, BringsAnAlertToAPhoneAndTheReceiptBack) {
  const std::string text = "LATIHAN TP12: Tsunami! Naik ke tempat tinggi {jalur utara} ~ 5 € @BPBD";
  ASSERT_EQ(send(text, "+99955500001"), "accepted");
  EXPECT_EQ(shown(0), text);
  EXPECT_EQ(range->seen().all()[0].who, "+99955500001");
  EXPECT_EQ(range->seen().all()[0].from, "BPBD");
  EXPECT_TRUE(proven(delivery::Proof::accepted));
  EXPECT_TRUE(proven(delivery::Proof::confirmed));
}

TEST_F(OverKannel, BringsUcs2AndLongTextsWhole) {
  const std::string wide = "ฝึกซ้อม: สึนามิ “ขึ้นที่สูง” 😀";
  ASSERT_EQ(send(wide, "+99955500002", 1), "accepted");
  EXPECT_EQ(shown(0), wide);
  std::string longer = "LATIHAN: ";
  while (longer.size() < 300) longer += "naik ke tempat tinggi {utara}; ";
  ASSERT_EQ(send(longer, "+99955500003", 2), "accepted");
  EXPECT_EQ(shown(1), longer);
  std::string wide_and_long;
  while (wide_and_long.size() < 400) wide_and_long += "ขึ้นที่สูง😀 ";
  ASSERT_EQ(send(wide_and_long, "+99955500004", 3), "accepted");
  EXPECT_EQ(shown(2), wide_and_long);
  // A report of the first part comes, and does not confirm what has more of them.
  EXPECT_TRUE(until([&] {
    return std::ranges::any_of(reports.proofs, [](const delivery::Evidence& evidence) {
      return about(evidence) == 3 && evidence.kind == "part_receipt" &&
             evidence.detail.starts_with("delivered to the phone (the first of");
    });
  }));
  for (const auto& evidence : reports.proofs)
    if (about(evidence) != 1) EXPECT_NE(evidence.proof, delivery::Proof::confirmed) << evidence.detail;
}

TEST_F(OverKannel, LearnsOfPhonesThatAreOffAndNumbersThatAreRefused) {
  range->smsc().script({.prefix = "+9995550101", .fate = sms::smsc::Fate::undelivered});
  range->smsc().script({.prefix = "+9995550102", .fate = sms::smsc::Fate::refused});
  ASSERT_EQ(send("x", "+99955501011", 1), "accepted");
  EXPECT_TRUE(proven(delivery::Proof::failed, 1));
  ASSERT_EQ(send("x", "+99955501021", 2), "accepted");
  EXPECT_TRUE(proven(delivery::Proof::failed, 2));
  EXPECT_TRUE(range->seen().all().empty());
}

TEST_F(OverKannel, GetsThroughAnOperatorThatThrottles) {
  range->smsc().script({.prefix = "+999", .fate = sms::smsc::Fate::throttled, .times = 1});
  ASSERT_EQ(send("x", "+99955500001"), "accepted");
  EXPECT_TRUE(proven(delivery::Proof::confirmed));
}

TEST_F(OverKannel, IsToldWhoIsNotLetIn) {
  use("a-wrong-password");
  EXPECT_EQ(send("x", "+99955500001"), "refused(credentials)");
  for (const auto& [id, outcome] : reports.outcomes)
    EXPECT_EQ(delivery::why(outcome).find("a-wrong-password"), std::string::npos);
}

TEST_F(OverKannel, SaysNotSentWhenTheGatewayIsDown) {
  smsbox.reset();
  ASSERT_TRUE(until([&] { return !answers("/"); }));
  EXPECT_EQ(send("x", "+99955500001"), "not_sent");
}

}  // namespace
}  // namespace broadcaster::channels
