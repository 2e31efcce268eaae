// The MQTT client against a real broker: what it promises when links break, and what never comes out late.
#include "broadcaster/net/mqtt.hpp"

#include <algorithm>
#include <csignal>

#include "broadcaster/net/http.hpp"
#include "tests/net/broker.hpp"

namespace broadcaster::net {
namespace {

/// A client with a notebook.
struct Station {
  Station(Loop& loop, Workers& workers, MqttOptions options) {
    if (options.host.empty()) options.host = "127.0.0.1";
    client = MqttClient::create(loop, workers, std::move(options),
                                {.on_up = [this] { ++ups; },
                                 .on_down = [this](const MqttDown& down) { downs.push_back(down); },
                                 .on_message =
                                     [this](MqttMessage message) {
                                       messages.push_back(message);
                                       if (on_message) on_message(messages.back());
                                     },
                                 .on_subscribed = [this](const std::string&, int reason) { granted.push_back(reason); },
                                 .on_ready = [this] { ++readies; }});
  }
  std::unique_ptr<MqttClient> client;
  int ups = 0, readies = 0;
  std::vector<MqttDown> downs;
  std::vector<MqttMessage> messages;
  std::vector<int> granted;
  std::function<void(const MqttMessage&)> on_message;
};

class Mqtt : public testing::Test {
 protected:
  MqttOptions options(const Broker& broker, const std::string& id) {
    MqttOptions o;
    o.port = broker.port();
    o.client_id = id;
    o.first_backoff = milliseconds{20};
    o.last_backoff = milliseconds{200};
    return o;
  }
  bool until(const std::function<bool()>& done) { return run_until(*loop, done); }

  static MqttPublish command(std::string payload, std::string topic = "sirens/1/cmd") {
    MqttPublish message;
    message.topic = std::move(topic);
    message.payload = std::move(payload);
    return message;
  }

  /// Publishes when it may, and gives the result.
  std::optional<PublishResult> say(Station& station, MqttPublish message) {
    std::optional<PublishResult> result;
    EXPECT_TRUE(station.client->publish(std::move(message), [&](PublishResult r) { result = r; }));
    EXPECT_FALSE(result) << "done was called inside publish()";
    EXPECT_TRUE(until([&] { return result.has_value(); }));
    return result;
  }

  std::unique_ptr<Loop> loop = Loop::create();
  Workers workers{*loop};
};

TEST_F(Mqtt, EverythingAMessageCarriesArrives) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->subscribe("sirens/+/cmd", Qos::at_least_once);
  siren.client->start();
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 1; }));
  EXPECT_EQ(siren.granted[0], 1);

  auto message = command(std::string("{\"on\":1}\0", 9));
  message.expiry = seconds{60};
  message.user_properties = {{"alert", "ID-7"}, {"mode", "drill"}};
  message.response_topic = "sirens/1/ack";
  message.correlation = std::string("\0\1", 2);
  const auto result = say(owner, message);
  EXPECT_TRUE(result->accepted());
  EXPECT_EQ(result->reason, 0);

  ASSERT_TRUE(until([&] { return siren.messages.size() == 1; }));
  const auto& got = siren.messages[0];
  EXPECT_EQ(got.topic, "sirens/1/cmd");
  EXPECT_EQ(got.payload, message.payload);
  EXPECT_EQ(got.qos, Qos::at_least_once);
  EXPECT_EQ(got.retain, Retain::no);
  EXPECT_EQ(got.user_properties, message.user_properties);
  EXPECT_EQ(got.response_topic, "sirens/1/ack");
  EXPECT_EQ(got.correlation, message.correlation);
  ASSERT_TRUE(got.expiry);
  EXPECT_GT(*got.expiry, seconds{50});
}

TEST_F(Mqtt, TheBrokerTellsThatNobodyListens) {
  Broker broker(*loop);
  broker.start();
  Station owner(*loop, workers, options(broker, "owner"));
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up(); }));
  const auto result = say(owner, command("x"));
  EXPECT_TRUE(result->accepted());
  EXPECT_EQ(result->reason, 16);
}

TEST_F(Mqtt, ARefusedPublishIsToldWithItsReason) {
  const std::string acl = testing::TempDir() + "net-acl-" + std::to_string(::getpid());
  std::ofstream(acl) << "topic read sirens/#\n";
  Broker broker(*loop, "acl_file " + acl + "\n");
  broker.start();
  Station owner(*loop, workers, options(broker, "owner"));
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up(); }));
  const auto result = say(owner, command("x"));
  EXPECT_EQ(result->kind, PublishResult::Kind::acknowledged);
  EXPECT_EQ(result->reason, 135);  // not authorized
  EXPECT_FALSE(result->accepted());
  std::filesystem::remove(acl);
}

TEST_F(Mqtt, WhatMqttDoesNotTakeIsRefusedAndTheLinkStays) {
  Broker broker(*loop);
  broker.start();
  Station owner(*loop, workers, options(broker, "owner"));
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up(); }));
  auto bad_text = command("x");
  bad_text.user_properties = {{"k", "\xff"}};
  for (auto message : {command("x", "sirens/#"), command("x", ""), bad_text}) {
    const auto refused = owner.client->publish(message, [](PublishResult) { ADD_FAILURE(); });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), PublishFailure::invalid);
  }
  EXPECT_TRUE(say(owner, command("x"))->accepted());
}

TEST_F(Mqtt, ABrokerThatAppearsLaterIsFound) {
  Broker broker(*loop);
  Station owner(*loop, workers, options(broker, "owner"));
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.downs.size() >= 3; }));
  EXPECT_FALSE(owner.client->up());
  EXPECT_EQ(owner.client->publish(command("x"), {}).error(), PublishFailure::offline);
  broker.start();
  EXPECT_TRUE(until([&] { return owner.client->up(); }));
}

TEST_F(Mqtt, ANameThatDoesNotExistDoesNotHoldTheLoop) {
  Broker broker(*loop);
  auto o = options(broker, "owner");
  o.host = "nobody.invalid";
  Station owner(*loop, workers, o);
  owner.client->start();
  EXPECT_TRUE(until([&] { return owner.downs.size() >= 2; }));
  EXPECT_LT(loop->worst_gap(), milliseconds{100});
}

TEST_F(Mqtt, ComesBackWithItsSubscriptionsAfterTheBrokerDied) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->subscribe("sirens/#", Qos::at_least_once);
  siren.client->start();
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 1; }));
  broker.stop();
  ASSERT_TRUE(until([&] { return !owner.client->up() && !siren.client->up(); }));
  broker.start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 2; }));
  EXPECT_EQ(say(owner, command("again"))->reason, 0);
  ASSERT_TRUE(until([&] { return !siren.messages.empty(); }));
  EXPECT_EQ(siren.messages[0].payload, "again");
}

/// A frozen broker: the kernel takes our bytes and nobody answers.
TEST_F(Mqtt, NothingThatWasHandedOverComesOutAfterAReconnect) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->subscribe("sirens/#", Qos::at_least_once);
  siren.client->start();
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 1; }));

  broker.child().signal(SIGSTOP);
  std::vector<PublishResult> results;
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(owner.client->publish(command("old"), [&](PublishResult r) { results.push_back(r); }));
  EXPECT_EQ(owner.client->unacknowledged(), 5u);
  broker.stop();  // killed while frozen: it never read them
  ASSERT_TRUE(until([&] { return results.size() == 5; }));
  for (const auto& result : results) EXPECT_EQ(result.kind, PublishResult::Kind::lost);
  EXPECT_EQ(owner.client->publish(command("offline"), {}).error(), PublishFailure::offline);

  broker.start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 2; }));
  EXPECT_EQ(owner.client->unacknowledged(), 0u);
  EXPECT_EQ(say(owner, command("new"))->reason, 0);
  ASSERT_TRUE(until([&] { return !siren.messages.empty(); }));
  ASSERT_EQ(siren.messages.size(), 1u);  // anything old would have come before it
  EXPECT_EQ(siren.messages[0].payload, "new");
}

TEST_F(Mqtt, NeverHoldsMoreThanTheWindow) {
  Broker broker(*loop);
  broker.start();
  auto o = options(broker, "owner");
  o.window = 3;
  Station owner(*loop, workers, o);
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up(); }));
  int done = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(owner.client->can_publish());
    ASSERT_TRUE(owner.client->publish(command("x"), [&](PublishResult) { ++done; }));
  }
  EXPECT_FALSE(owner.client->can_publish());
  EXPECT_EQ(owner.client->publish(command("x"), {}).error(), PublishFailure::busy);
  EXPECT_TRUE(until([&] { return owner.readies == 1; }));
  EXPECT_TRUE(owner.client->can_publish());
  EXPECT_TRUE(until([&] { return done == 3; }));
}

TEST_F(Mqtt, TheBrokersReceiveMaximumLowersTheWindow) {
  Broker broker(*loop, "max_inflight_messages 2\n");
  broker.start();
  Station owner(*loop, workers, options(broker, "owner"));
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up(); }));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(owner.client->publish(command("x"), {}));
  EXPECT_EQ(owner.client->publish(command("x"), {}).error(), PublishFailure::busy);
}

TEST_F(Mqtt, ThousandsOfCommandsPassThroughAWindowOfTwenty) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->subscribe("sirens/#", Qos::at_least_once);
  siren.client->start();
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.client->up() && siren.granted.size() == 1; }));
  constexpr int total = 5000;
  int sent = 0, accepted = 0;
  std::function<void()> pump = [&] {
    while (sent < total && owner.client->can_publish()) {
      ASSERT_TRUE(owner.client->publish(command(std::to_string(sent)), [&](PublishResult r) {
        accepted += r.accepted();
        pump();
      }));
      ++sent;
    }
  };
  pump();
  EXPECT_TRUE(until([&] { return accepted == total && siren.messages.size() == total; }));
  for (int i = 0; i < total; ++i) ASSERT_EQ(siren.messages[static_cast<std::size_t>(i)].payload, std::to_string(i));
}

TEST_F(Mqtt, ACommandAndItsAnswerTakeMilliseconds) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->subscribe("cmd", Qos::at_least_once);
  owner.client->subscribe("ack", Qos::at_least_once);
  siren.on_message = [&](const MqttMessage& m) { (void)siren.client->publish(command(m.payload, "ack"), {}); };
  siren.client->start();
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.granted.size() == 1 && siren.granted.size() == 1; }));
  std::vector<std::chrono::microseconds> times;
  std::chrono::steady_clock::time_point sent;
  const auto send = [&] {
    sent = std::chrono::steady_clock::now();
    ASSERT_TRUE(owner.client->publish(command("x", "cmd"), {}));
  };
  owner.on_message = [&](const MqttMessage&) {
    times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - sent));
    if (times.size() < 200) send();
  };
  send();
  ASSERT_TRUE(until([&] { return times.size() == 200; }));
  std::nth_element(times.begin(), times.begin() + 100, times.end());
  RecordProperty("p50_us", static_cast<int>(times[100].count()));
  EXPECT_LT(times[100], milliseconds{5});
}

TEST_F(Mqtt, RetainedStateIsMarkedAsSuch) {
  Broker broker(*loop);
  broker.start();
  Station siren(*loop, workers, options(broker, "siren")), owner(*loop, workers, options(broker, "owner"));
  siren.client->start();
  ASSERT_TRUE(until([&] { return siren.client->up(); }));
  auto state = command("armed", "sirens/1/state");
  state.retain = Retain::yes;
  say(siren, state);
  owner.client->subscribe("sirens/+/state", Qos::at_least_once);
  owner.client->start();
  ASSERT_TRUE(until([&] { return owner.messages.size() == 1; }));
  EXPECT_EQ(owner.messages[0].retain, Retain::yes);
}

TEST_F(Mqtt, TheWillSpeaksForALinkThatBreaksAndNotForAGoodbye) {
  Broker broker(*loop);
  broker.start();
  Station watcher(*loop, workers, options(broker, "watcher"));
  watcher.client->subscribe("will/#", Qos::at_least_once);
  watcher.client->start();
  ASSERT_TRUE(until([&] { return watcher.granted.size() == 1; }));
  auto leaving = options(broker, "leaving"), first = options(broker, "same"), second = options(broker, "same");
  leaving.will = MqttWill{.topic = "will/leaving", .payload = "offline"};
  first.will = MqttWill{.topic = "will/broken", .payload = "offline"};
  second.last_backoff = first.last_backoff = seconds{20};
  auto polite = std::make_unique<Station>(*loop, workers, leaving);
  Station broken(*loop, workers, first);
  polite->client->start();
  broken.client->start();
  ASSERT_TRUE(until([&] { return polite->client->up() && broken.client->up(); }));
  polite.reset();
  Station taker(*loop, workers, second);  // the same client id: the broker throws the first one out
  taker.client->start();
  ASSERT_TRUE(until([&] { return !watcher.messages.empty() && !broken.downs.empty(); }));
  EXPECT_EQ(watcher.messages[0].topic, "will/broken");
  EXPECT_EQ(watcher.messages.size(), 1u);
}

/// A certificate authority, a server and a client certificate, made by openssl.
class MqttTls : public Mqtt {
 protected:
  void make_certificates(const std::string& folder) {
    const auto run = [&](const std::string& command) {
      ASSERT_EQ(std::system(("cd " + folder + " && " + command + " >>openssl.log 2>&1").c_str()), 0) << command;
    };
    const std::string key = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
    for (const std::string ca : {"ca", "stranger"})
      run(key + "-x509 -days 2 -subj /CN=" + ca + " -keyout " + ca + ".key -out " + ca + ".pem");
    std::ofstream(folder + "/san") << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
    for (const std::string name : {"server", "siren-1"}) {
      run(key + "-subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr");
      run("openssl x509 -req -days 2 -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile san -out " +
          name + ".pem");
    }
  }

  void SetUp() override {
    certificates = testing::TempDir() + "net-tls-" + std::to_string(::getpid());
    std::filesystem::create_directories(certificates);
    make_certificates(certificates);
    broker = std::make_unique<Broker>(*loop,
                                      "cafile " + certificates + "/ca.pem\ncertfile " + certificates +
                                          "/server.pem\nkeyfile " + certificates +
                                          "/server.key\nrequire_certificate true\nuse_identity_as_username true\n",
                                      false);
  }
  void TearDown() override { std::filesystem::remove_all(certificates); }

  MqttOptions tls(const std::string& id) {
    auto o = options(*broker, id);
    o.host = "127.0.0.1";
    o.ca_file = certificates + "/ca.pem";
    o.cert_file = certificates + "/siren-1.pem";
    o.key_file = certificates + "/siren-1.key";
    return o;
  }

  std::string certificates;
  std::unique_ptr<Broker> broker;
};

TEST_F(MqttTls, AClientCertificateOpensTheDoorBeforeAndAfterARestart) {
  Station siren(*loop, workers, tls("siren-1"));
  siren.client->subscribe("sirens/#", Qos::at_least_once);
  siren.client->start();
  ASSERT_TRUE(until([&] { return !siren.downs.empty(); }));  // refused at start
  broker->start();
  for (std::size_t round = 1; round <= 2; ++round) {
    ASSERT_TRUE(until([&] { return siren.granted.size() == round; })) << siren.downs.back().why;
    EXPECT_EQ(say(siren, command("x"))->reason, 0);
    ASSERT_TRUE(until([&] { return siren.messages.size() == round; }));
    broker->stop();
    ASSERT_TRUE(until([&] { return !siren.client->up(); }));
    broker->start();
  }
}

TEST_F(MqttTls, WithoutAKnownCertificateOnEitherSideThereIsNoLink) {
  broker->start();
  auto nameless = tls("nameless");
  nameless.cert_file = nameless.key_file = "";
  auto misled = tls("misled");
  misled.ca_file = certificates + "/stranger.pem";
  auto unreadable = tls("unreadable");
  unreadable.ca_file = certificates + "/nowhere.pem";
  for (const auto& o : {nameless, misled, unreadable}) {
    Station station(*loop, workers, o);
    station.client->start();
    ASSERT_TRUE(until([&] { return station.downs.size() >= 2; })) << o.client_id;
    EXPECT_EQ(station.ups, 0) << o.client_id;
    EXPECT_FALSE(station.downs[0].why.empty()) << o.client_id;
  }
}

/// The broker's port is open but frozen: the handshake gets no answer. The loop must sleep meanwhile.
TEST_F(MqttTls, AHandshakeWithoutAnAnswerCostsNothingAndEnds) {
  broker->start();
  broker->child().signal(SIGSTOP);
  auto o = tls("patient");
  o.connect_timeout = milliseconds{700};
  Station station(*loop, workers, o);
  const auto cpu = std::clock();
  station.client->start();
  ASSERT_TRUE(until([&] { return !station.downs.empty(); }));
  const auto used = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  EXPECT_LT(used, 0.35);
  EXPECT_NE(station.downs[0].why.find("in time"), std::string::npos);
  broker->child().signal(SIGCONT);
  EXPECT_TRUE(until([&] { return station.client->up(); })) << station.downs.back().why;
}

TEST(MqttReasons, HaveNames) {
  EXPECT_EQ(reason_text(135), "not authorized (135)");
  EXPECT_EQ(reason_text(146), "unknown reason (146)");
}

}  // namespace
}  // namespace broadcaster::net
