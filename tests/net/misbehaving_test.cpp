// Peers that misbehave, seen through a proxy and a name server that never answers: an honest outcome in bounded time,
// and the loop goes on for everybody else.
#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <cstring>
#include <mutex>

#include "tests/net/bench.hpp"
#include "tests/net/ticker.hpp"
#include "tests/support/proxy.hpp"

namespace {

constexpr const char* silent_name = "name-server-that-never-answers.test";

/// Who asks for the silent name waits here, as a resolver does whose packets nobody answers.
class SilentNameServer {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.wait(lock, [this] { return ended_; });
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int asked_ = 0;
  bool ended_ = false;
};

/// Never destroyed: resolver threads that were given up may still stand in it when the program ends.
SilentNameServer& name_server() {
  static auto& one = *new SilentNameServer;
  return one;
}

}  // namespace

/// The program's own: libcurl and libmosquitto find it before libc's.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  if (name != nullptr && std::strcmp(name, silent_name) == 0) {
    name_server().wait();
    return EAI_AGAIN;
  }
  static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}

namespace broadcaster::net {
namespace {

using Sent = HttpFailure::Sent;
using Phase = HttpFailure::Phase;

/// The bench's server behind a proxy.
class MisbehavingPeer : public HttpBench {
 protected:
  void SetUp() override {
    HttpBench::SetUp();
    proxy.emplace(server->port());
  }
  HttpRequest through_proxy() const {
    auto request = post("leave now");
    request.url = "http://127.0.0.1:" + std::to_string(proxy->port()) + "/";
    request.timeout = milliseconds{400};
    return request;
  }
  /// One request to the bad peer, and one past it that must not wait for the first.
  void play(Sent sent, Phase phase) {
    std::optional<HttpResult> bad, good;
    client->send(through_proxy(), [&](HttpResult r) { bad = std::move(r); });
    client->send(post("to somebody else"), [&](HttpResult r) {
      good = std::move(r);
      EXPECT_FALSE(bad && bad->has_value());
    });
    ASSERT_TRUE(run_until(*loop, [&] { return bad && good; }));
    EXPECT_TRUE(*good);
    ASSERT_FALSE(*bad);
    EXPECT_EQ(bad->error().sent, sent);
    EXPECT_EQ(name_of(bad->error().phase), name_of(phase)) << bad->error().why;
  }
  std::size_t arrived_at_peer() const {
    return static_cast<std::size_t>(
        std::count_if(arrived.begin(), arrived.end(), [](const auto& r) { return r.body == "leave now"; }));
  }
  std::optional<Proxy> proxy;
};

TEST_F(MisbehavingPeer, TheProxyIsGoodWhenNothingIsAsked) {
  const auto result = fetch(through_proxy());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
}

TEST_F(MisbehavingPeer, HalfOpenIsUnknownWhenItsTimeIsOver) {
  proxy->behave(Proxy::Behaviour::half_open);
  EXPECT_LT(stall(*loop, [&] { play(Sent::maybe, Phase::timeout); }), longest_stall);
  EXPECT_EQ(arrived_at_peer(), 0u);
}

TEST_F(MisbehavingPeer, AKeptConnectionThatBecameHalfOpenIsNoBetter) {
  ASSERT_TRUE(fetch(through_proxy()));
  proxy->behave(Proxy::Behaviour::half_open);
  EXPECT_LT(stall(*loop, [&] { play(Sent::maybe, Phase::timeout); }), longest_stall);
  EXPECT_EQ(arrived_at_peer(), 1u);
}

TEST_F(MisbehavingPeer, AResetAfterTheRequestIsUnknownAndOneCopyArrived) {
  proxy->behave(Proxy::Behaviour::reset_after_request);
  std::size_t plays = 0;
  const auto once = [&] {
    play(Sent::maybe, Phase::send);
    ++plays;
  };
  EXPECT_LT(stall(*loop, once), longest_stall);
  EXPECT_EQ(arrived_at_peer(), plays);
}

TEST_F(MisbehavingPeer, ALostAnswerIsUnknownAndOneCopyArrived) {
  proxy->behave(Proxy::Behaviour::answer_lost);
  std::size_t plays = 0;
  const auto once = [&] {
    play(Sent::maybe, Phase::send);
    ++plays;
  };
  EXPECT_LT(stall(*loop, once), longest_stall);
  EXPECT_EQ(arrived_at_peer(), plays);
}

TEST_F(MisbehavingPeer, ALostAnswerOnAKeptConnectionIsNotAskedForAgain) {
  ASSERT_TRUE(fetch(through_proxy()));
  proxy->behave(Proxy::Behaviour::answer_lost);
  play(Sent::maybe, Phase::send);
  EXPECT_EQ(arrived_at_peer(), 2u);
}

TEST_F(MisbehavingPeer, ASlowLorisHoldsItsOwnRequestAndNothingElse) {
  on_request = [](const ServerRequest&, Responder responder) { responder.answer(200, {}, std::string(400, 'x')); };
  proxy->behave(Proxy::Behaviour::slow_loris);
  EXPECT_LT(stall(*loop, [&] { play(Sent::maybe, Phase::timeout); }), longest_stall);
}

TEST_F(MisbehavingPeer, ANameServerThatNeverAnswersHoldsNobody) {
  const auto before = name_server().asked();
  const auto play_silent = [&] {
    int ended = 0, others = 0;
    for (int i = 0; i < 8; ++i) {
      auto request = post("leave now");
      request.url = std::string("http://") + silent_name + "/";
      request.connect_timeout = milliseconds{300};
      client->send(std::move(request), [&](HttpResult r) {
        ++ended;
        ASSERT_FALSE(r);
        EXPECT_EQ(r.error().sent, Sent::no);
        EXPECT_EQ(name_of(r.error().phase), name_of(Phase::timeout)) << r.error().why;
      });
      client->send(post("to somebody else"), [&](HttpResult r) { others += r ? 1 : 0; });
    }
    ASSERT_TRUE(run_until(*loop, [&] { return ended == 8 && others == 8; }));
  };
  EXPECT_LT(stall(*loop, play_silent), longest_stall);
  EXPECT_GE(name_server().asked() - before, 8) << "the names were never looked up";
  // Nor does the end of the client wait for what is still being looked up.
  const auto begun = loop->now();
  client.reset();
  EXPECT_LT(loop->now() - begun, milliseconds{1000});
  name_server().end();
}

}  // namespace
}  // namespace broadcaster::net
