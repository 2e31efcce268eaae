// What the shared HTTP client promises: never a second copy, an honest "may it have left", bounded answers.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "broadcaster/net/ports.hpp"
#include "tests/net/bench.hpp"

namespace broadcaster::net {
namespace {

using Sent = HttpFailure::Sent;
using Phase = HttpFailure::Phase;
using Repeat = HttpRequest::Repeat;

/// Answers the first request of each connection and reads, then hangs up on, every other.
auto hang_up_on_second() {
  return [seen = std::set<std::string>()](const ServerRequest& request, Responder responder) mutable {
    if (seen.insert(request.remote).second) return responder.answer(200, {}, "ok");
    responder.close_without_answer();
  };
}

struct Once {
  const char* method;
  const char* body;
};

class NotTwice : public HttpBench, public testing::WithParamInterface<Once> {};

TEST_P(NotTwice, OneCopyArrivesWhenTheConnectionDiesAfterTheRequest) {
  on_request = [](const ServerRequest&, Responder responder) { responder.answer(200, {}, "ok"); };
  HttpRequest warm_up;  // leaves an idle connection behind
  warm_up.url = url();
  warm_up.repeat = Repeat::safe;
  ASSERT_TRUE(fetch(warm_up));
  on_request = [](const ServerRequest&, Responder responder) { responder.close_without_answer(); };

  auto request = post(GetParam().body);
  request.method = GetParam().method;
  request.repeat = Repeat::never;
  const auto result = fetch(request);

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::maybe);
  EXPECT_EQ(result.error().phase, Phase::send);
  EXPECT_EQ(arrived.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Http, NotTwice,
                         testing::Values(Once{"POST", "{\"status\":\"leave now\"}"}, Once{"POST", ""}, Once{"PUT", "x"},
                                         Once{"GET", ""}, Once{"DELETE", ""}),
                         [](const auto& info) {
                           return std::string(info.param.method) + (*info.param.body ? "WithBody" : "WithoutBody");
                         });

TEST_F(HttpBench, ASafeRequestMayBeRepeatedByTheLibrary) {
  on_request = hang_up_on_second();
  HttpRequest request;
  request.url = url();
  request.repeat = Repeat::safe;
  ASSERT_TRUE(fetch(request));
  EXPECT_TRUE(fetch(request));  // hung up on, then sent again on a new connection
  EXPECT_EQ(arrived.size(), 3u);
}

TEST_F(HttpBench, BodiesThatMustNotRepeatStillShareOneConnection) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(fetch(post("message " + std::to_string(i))));
  std::set<std::string> connections;
  for (const auto& request : arrived) connections.insert(request.remote);
  EXPECT_EQ(connections.size(), 1u);
  EXPECT_EQ(arrived.back().body, "message 4");
}

TEST_F(HttpBench, ARequestArrivesAsItWasGiven) {
  auto request = post(std::string("a\0b", 3), "/v1/messages?to=%2B62811");
  request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"Idempotency-Key", "7"}};
  on_request = [](const ServerRequest&, Responder responder) {
    responder.answer(201, {{"X-Id", "17"}, {"Retry-After", "3"}}, "made");
  };
  const auto result = fetch(request);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->body, "made");
  ASSERT_NE(result->header("retry-after"), nullptr);
  EXPECT_EQ(*result->header("retry-after"), "3");
  EXPECT_EQ(result->header("Location"), nullptr);
  EXPECT_EQ(arrived[0].method, "POST");
  EXPECT_EQ(arrived[0].target, "/v1/messages");
  EXPECT_EQ(arrived[0].query, "to=%2B62811");
  EXPECT_EQ(arrived[0].body, std::string("a\0b", 3));
  EXPECT_EQ(*arrived[0].header("content-type"), "application/json");
  EXPECT_EQ(*arrived[0].header("x-empty"), "");
  EXPECT_EQ(*arrived[0].header("idempotency-key"), "7");
  EXPECT_EQ(arrived[0].header("Expect"), nullptr);
}

TEST_F(HttpBench, NoContentTypeOfItsOwn) {
  ASSERT_TRUE(fetch(post("x")));
  EXPECT_EQ(arrived[0].header("Content-Type"), nullptr);
}

TEST_F(HttpBench, ARedirectIsAnAnswerAndIsNotFollowed) {
  on_request = [this](const ServerRequest&, Responder responder) {
    responder.answer(302, {{"Location", url("/elsewhere")}}, "");
  };
  const auto result = fetch(post("x"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(arrived.size(), 1u);
}

TEST_F(HttpBench, RefusedConnectionsSentNothing) {
  auto request = post("x");
  request.url = "http://127.0.0.1:" + std::to_string(free_port().value()) + "/secret?token=abc";
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::no);
  EXPECT_EQ(result.error().phase, Phase::connect);
  EXPECT_EQ(result.error().why.find("abc"), std::string::npos);
  EXPECT_EQ(result.error().why.find("secret"), std::string::npos);
}

TEST_F(HttpBench, ANameThatDoesNotExistSentNothing) {
  auto request = post("x");
  request.url = "http://nobody.invalid/";  // RFC 6761 §6.4: never resolves
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::no);
  EXPECT_EQ(result.error().phase, Phase::name);
}

TEST_F(HttpBench, TlsAgainstAPlainServerSentNothing) {
  auto request = post("x");
  request.url = "https" + url().substr(4);
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::no);
  EXPECT_EQ(result.error().phase, Phase::tls);
}

TEST_F(HttpBench, WhatIsNoHttpRequestIsRefusedBeforeAnySocket) {
  for (const std::string bad : {"ftp://127.0.0.1/", "127.0.0.1/", "file:///etc/passwd", ""}) {
    HttpRequest request;
    request.url = bad;
    const auto result = fetch(request);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().phase, Phase::request) << bad;
    EXPECT_EQ(result.error().sent, Sent::no) << bad;
  }
  auto request = post("x");
  request.headers = {{"X-Name", "a\r\nX-Other: b"}};
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().phase, Phase::request);
  EXPECT_TRUE(arrived.empty());
}

TEST_F(HttpBench, ATimeoutAfterTheRequestLeavesItUnknown) {
  std::optional<Responder> held;
  on_request = [&](const ServerRequest&, Responder responder) { held.emplace(std::move(responder)); };
  auto request = post("x");
  request.timeout = milliseconds{200};
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::maybe);
  EXPECT_EQ(result.error().phase, Phase::timeout);
  EXPECT_EQ(arrived.size(), 1u);
}

/// Takes no connection: its backlog is full, so the kernel leaves our SYN without an answer.
class SilentPort {
 public:
  SilentPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd_, 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    for (int& filler : fillers_) {
      filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      (void)::connect(filler, reinterpret_cast<sockaddr*>(&address), size);
    }
  }
  ~SilentPort() {
    for (const int filler : fillers_) ::close(filler);
    ::close(fd_);
  }
  unsigned short port() const { return port_; }

 private:
  int fd_;
  int fillers_[4];
  unsigned short port_ = 0;
};

TEST_F(HttpBench, ATimeoutWhileConnectingSentNothing) {
  const SilentPort silent;
  auto request = post("x");
  request.url = "http://127.0.0.1:" + std::to_string(silent.port()) + "/";
  request.connect_timeout = milliseconds{200};
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::no);
  EXPECT_EQ(result.error().phase, Phase::timeout);
}

struct Misbehaviour {
  const char* name;
  std::function<void(Responder)> act;
  Phase phase;
};

class BrokenAnswer : public HttpBench, public testing::WithParamInterface<Misbehaviour> {};

TEST_P(BrokenAnswer, IsUnknown) {
  on_request = [](const ServerRequest&, Responder responder) { GetParam().act(std::move(responder)); };
  const auto result = fetch(post("x"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().sent, Sent::maybe);
  EXPECT_EQ(name_of(result.error().phase), name_of(GetParam().phase));
  EXPECT_EQ(arrived.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Http, BrokenAnswer,
    testing::Values(
        Misbehaviour{"Closed", [](Responder r) { r.close_without_answer(); }, Phase::send},
        Misbehaviour{"Reset", [](Responder r) { r.reset_without_answer(); }, Phase::send},
        Misbehaviour{"HalfABody",
                     [](Responder r) { r.answer_partially("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"); },
                     Phase::answer},
        Misbehaviour{"HalfAHeader", [](Responder r) { r.answer_partially("HTTP/1.1 200 OK\r\nContent-Le"); },
                     Phase::answer},
        Misbehaviour{"NoHttp", [](Responder r) { r.answer_partially("220 mail.example ESMTP\r\n\r\n"); },
                     Phase::answer}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(HttpBench, AnAnswerLongerThanAllowedIsCutOff) {
  on_request = [](const ServerRequest&, Responder r) { r.answer(200, {}, std::string(100, 'x')); };
  auto request = post("x");
  request.max_answer = 100;
  EXPECT_TRUE(fetch(request));
  request.max_answer = 99;
  const auto result = fetch(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().phase, Phase::too_large);
  EXPECT_EQ(result.error().sent, Sent::maybe);
}

TEST_F(HttpBench, FiveHundredAtOnceAreAllAnsweredOverAndOver) {
  std::set<std::string> bodies;
  int open = 0;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 500; ++i) {
      ++open;
      client->send(post(std::to_string(round * 500 + i)), [&](HttpResult r) {
        --open;
        EXPECT_TRUE(r) << (r ? "" : r.error().why);
      });
    }
    EXPECT_EQ(client->in_flight(), 500u);
    ASSERT_TRUE(run_until(*loop, [&] { return open == 0; }));
  }
  for (const auto& request : arrived) bodies.insert(request.body);
  EXPECT_EQ(arrived.size(), 1000u);
  EXPECT_EQ(bodies.size(), 1000u);
  EXPECT_EQ(client->in_flight(), 0u);
}

TEST_F(HttpBench, CancelledAfterItLeftIsUnknown) {
  std::optional<Responder> held;
  on_request = [&](const ServerRequest&, Responder responder) { held.emplace(std::move(responder)); };
  std::optional<HttpResult> result;
  const auto id = client->send(post("x"), [&](HttpResult r) { result = std::move(r); });
  ASSERT_TRUE(run_until(*loop, [&] { return held.has_value(); }));
  client->cancel(id);
  EXPECT_FALSE(result) << "done was called inside cancel()";
  ASSERT_TRUE(run_until(*loop, [&] { return result.has_value(); }));
  EXPECT_EQ(result->error().phase, Phase::cancelled);
  EXPECT_EQ(result->error().sent, Sent::maybe);
  client->cancel(id);  // finished: nothing
}

TEST_F(HttpBench, CancelledBeforeItStartedSentNothing) {
  std::optional<HttpResult> result;
  client->cancel(client->send(post("x"), [&](HttpResult r) { result = std::move(r); }));
  ASSERT_TRUE(run_until(*loop, [&] { return result.has_value(); }));
  EXPECT_EQ(result->error().sent, Sent::no);
  EXPECT_TRUE(arrived.empty());
}

TEST_F(HttpBench, WhatMayNotLeaveAnyMoreSentNothing) {
  // Over a new connection, and over one that stands already.
  for (int round = 0; round < 2; ++round) {
    auto request = post("x");
    request.may_leave = [] { return false; };
    const auto result = fetch(std::move(request));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().phase, Phase::withheld);
    EXPECT_EQ(result.error().sent, Sent::no);
    EXPECT_TRUE(arrived.empty());
    ASSERT_TRUE(fetch(post("y")));
    arrived.clear();
  }
}

TEST_F(HttpBench, WhatMayLeaveIsAskedOnceAndLeaves) {
  int asked = 0;
  auto request = post("x");
  request.may_leave = [&asked] { return ++asked > 0; };
  ASSERT_TRUE(fetch(std::move(request)));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(arrived.size(), 1u);
}

TEST_F(HttpBench, DoneMayDestroyTheClient) {
  int answered = 0;
  for (int i = 0; i < 20; ++i)
    client->send(post("x"), [&](HttpResult) {
      ++answered;
      client.reset();
    });
  ASSERT_TRUE(run_until(*loop, [&] { return client == nullptr; }));
  EXPECT_EQ(answered, 1);
}

TEST_F(HttpBench, TheProxyOfTheEnvironmentIsNotObeyed) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  EXPECT_TRUE(fetch(post("x")));
  ::unsetenv("http_proxy");
}

}  // namespace
}  // namespace broadcaster::net
