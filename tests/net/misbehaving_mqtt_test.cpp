// A broker behind a link that misbehaves: what was handed over is reported lost once, the link comes back, and nothing
// is said twice.
#include "broadcaster/net/workers.hpp"
#include "tests/net/broker.hpp"
#include "tests/net/ticker.hpp"
#include "tests/support/proxy.hpp"

namespace broadcaster::net {
namespace {

class MisbehavingLink : public testing::Test {
 protected:
  void SetUp() override {
    broker.start();
    proxy.emplace(broker.port());
    listener = connect("listener", broker.port(), [this](MqttMessage message) { heard.push_back(message.payload); });
    listener->subscribe("sirens/1/cmd", Qos::at_least_once);
    sender = connect("sender", proxy->port(), {});
    ASSERT_TRUE(run_until(*loop, [&] { return listener->up() && sender->up(); }));
  }
  std::unique_ptr<MqttClient> connect(const std::string& id, unsigned short port,
                                      std::move_only_function<void(MqttMessage)> on_message) {
    MqttOptions options;
    options.host = "127.0.0.1";
    options.port = port;
    options.client_id = id;
    options.keepalive = std::chrono::seconds(5);
    options.first_backoff = milliseconds{20};
    options.last_backoff = milliseconds{200};
    MqttHandlers handlers;
    handlers.on_message = std::move(on_message);
    auto client = MqttClient::create(*loop, workers, std::move(options), std::move(handlers));
    client->start();
    return client;
  }
  /// Hands a command over and waits until it is known what became of it.
  PublishResult say(const std::string& payload) {
    std::optional<PublishResult> result;
    MqttPublish message;
    message.topic = "sirens/1/cmd";
    message.payload = payload;
    EXPECT_TRUE(sender->publish(std::move(message), [&](PublishResult r) { result = r; }));
    EXPECT_TRUE(run_until(*loop, [&] { return result.has_value(); })) << "nobody said what became of " << payload;
    return result.value_or(PublishResult{});
  }

  std::unique_ptr<Loop> loop = Loop::create();
  Workers workers{*loop, 2};
  Broker broker{*loop};
  std::optional<Proxy> proxy;
  std::unique_ptr<MqttClient> listener, sender;
  std::vector<std::string> heard;
};

TEST_F(MisbehavingLink, AHalfOpenLinkIsNoticedAndWhatWasOnItIsLost) {
  proxy->behave(Proxy::Behaviour::half_open);
  EXPECT_EQ(say("never arrives").kind, PublishResult::Kind::lost);
  proxy->behave(Proxy::Behaviour::pass);
  ASSERT_TRUE(run_until(*loop, [&] { return sender->up() && sender->can_publish(); }));
  EXPECT_TRUE(say("arrives").accepted());
  ASSERT_TRUE(run_until(*loop, [&] { return !heard.empty(); }));
  EXPECT_EQ(heard, std::vector<std::string>{"arrives"});
}

TEST_F(MisbehavingLink, ALostAcknowledgementIsLostAndTheCommandArrivedOnce) {
  proxy->behave(Proxy::Behaviour::answer_lost);
  EXPECT_EQ(say("first").kind, PublishResult::Kind::lost);
  proxy->behave(Proxy::Behaviour::pass);
  ASSERT_TRUE(run_until(*loop, [&] { return sender->up() && sender->can_publish(); }));
  EXPECT_TRUE(say("second").accepted());
  ASSERT_TRUE(run_until(*loop, [&] { return heard.size() >= 2; }));
  EXPECT_EQ(heard, (std::vector<std::string>{"first", "second"}));
}

}  // namespace
}  // namespace broadcaster::net
