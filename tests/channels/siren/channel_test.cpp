// The controller's side over a broker that is a list of messages.
#include <gtest/gtest.h>

#include <deque>

#include "bench.hpp"
#include "channels/siren/controller/siren_channel.hpp"
#include "channels/siren/controller/verdict.hpp"

namespace broadcaster::channels::siren {
namespace {

using delivery::Attempt;

struct FakeLink final : net::MqttClient {
  struct Sent {
    net::MqttPublish message;
    std::move_only_function<void(net::PublishResult)> done;
  };
  net::MqttHandlers handlers;
  bool is_up = true;
  std::optional<net::PublishFailure> failure;
  std::vector<Sent>& sent;

  FakeLink(net::MqttHandlers h, std::vector<Sent>& s) : handlers(std::move(h)), sent(s) {}
  void start() override { handlers.on_up(); }
  bool up() const override { return is_up; }
  void subscribe(std::string, net::Qos) override {}
  bool can_publish() const override { return is_up; }
  std::size_t unacknowledged() const override { return 0; }
  std::expected<void, net::PublishFailure> publish(net::MqttPublish message,
                                                   std::move_only_function<void(net::PublishResult)> done) override {
    if (!is_up) return std::unexpected(net::PublishFailure::offline);
    if (failure) return std::unexpected(*failure);
    sent.push_back({std::move(message), std::move(done)});
    return {};
  }
};

struct FixedClock final : base::Clock {
  base::Now value{noon, base::MonoTime(std::chrono::seconds(1))};
  base::Now now() const override { return value; }
};

struct NoHttp final : net::HttpClient {
  net::RequestId send(net::HttpRequest, std::move_only_function<void(net::HttpResult)>) override { return {}; }
  void cancel(net::RequestId) override {}
  std::size_t in_flight() const override { return 0; }
};

struct Store final : ChannelStore {
  std::map<std::string, std::string> values;
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override {
    done(values.contains(key) ? std::optional(values[key]) : std::nullopt);
  }
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override {
    values[key] = std::move(value);
    done();
  }
};

struct Driver final : Reports {
  std::vector<std::pair<std::int64_t, delivery::Outcome>> outcomes;
  std::vector<delivery::Evidence> proofs;
  std::map<std::string, std::string> alarms;
  int ready_said = 0;
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override {
    outcomes.emplace_back(attempt.delivery.value, std::move(outcome));
  }
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override {
    proofs.push_back(std::move(evidence));
    stored();
  }
  void alarm(const plan::EndpointName&, const std::string& key, std::optional<base::Text> text) override {
    if (text)
      alarms[key] = text->id;
    else
      alarms.erase(key);
  }
  bool may_leave(delivery::AttemptId) override { return true; }
  void ready(const plan::EndpointName&) override { ++ready_said; }
  std::string last() const { return outcomes.empty() ? "nothing" : std::string(name(outcomes.back().second)); }
};

struct SirenChannelTest : testing::Test {
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  net::Workers workers{*loop, 1};
  NoHttp http;
  FixedClock clock;
  FixedRandom random;
  Driver driver;
  Store store;
  ChannelTools tools{*loop, workers, http, clock, random, driver, store, "", ""};
  std::vector<FakeLink::Sent> sent;
  FakeLink* link = nullptr;
  std::unique_ptr<SirenChannel> channel = make();

  std::unique_ptr<SirenChannel> make() {
    Settings settings{{"tirtapura", "tirtapura-live", Mode::live}, {}, live_key()};
    settings.broker.window = 400;
    settings.ack_timeout = std::chrono::seconds(1);
    auto made = std::make_unique<SirenChannel>(plan::EndpointName("sirens"), settings, tools,
                                               [this](net::MqttOptions, net::MqttHandlers handlers) {
                                                 auto fake = std::make_unique<FakeLink>(std::move(handlers), sent);
                                                 link = fake.get();
                                                 return fake;
                                               });
    made->open();
    return made;
  }

  static std::shared_ptr<delivery::Content> content(const std::string& zone = "muara") {
    auto out = std::make_shared<delivery::Content>();
    out->mode = alert::Mode::live;
    out->alert_identifier = "TP-2026-0001";
    out->zone = alert::ZoneId(zone);
    out->form = "siren";
    out->plan_digest = "aa";
    out->body = plan::SirenProgram{"tsunami-evacuate", std::chrono::seconds(60), {"siren-01", "siren-02"}, {}};
    return out;
  }
  static Attempt attempt(int delivery, const std::string& siren, std::shared_ptr<const delivery::Content> what,
                         int number = 1) {
    return {.id = {delivery::DeliveryId(delivery), number},
            .endpoint = plan::EndpointName("sirens"),
            .recipient = siren,
            .key = "k",
            .content = std::move(what),
            .memo = {},
            .expires = noon + std::chrono::hours(1)};
  }
  Command command(std::size_t i) { return *read_command(sent.at(i).message.payload); }
  void say(const std::string& siren, Stage stage, const std::string& reason = "", const std::string& topic_siren = "",
           std::size_t about = 0) {
    Ack ack{siren, command(about).cmd_id, stage, reason, "", clock.value.wall, command(sent.size() - 1).counter, 0};
    net::MqttMessage message;
    message.topic = siren_topic("tirtapura", topic_siren.empty() ? siren : topic_siren, Subject::ack);
    message.payload = write(ack);
    link->handlers.on_message(message);
  }
  void run_for(base::milliseconds time) {
    loop->after(time, [this] { loop->stop(); });
    loop->run();
  }
};

TEST_F(SirenChannelTest, OneCommandToTheGroupForAZoneAndEachSirenAnswers) {
  channel->start({attempt(1, "siren-01", content()), attempt(2, "siren-02", content())});
  ASSERT_EQ(sent.size(), 1u);
  const auto& message = sent[0].message;
  EXPECT_EQ(message.topic, "warn/v1/tirtapura/live/group/muara/cmd");
  EXPECT_EQ(message.retain, net::Retain::no);
  EXPECT_EQ(message.expiry, std::chrono::seconds(60));
  EXPECT_TRUE(live_key().public_key().verifies(message.payload, message.user_properties.at(1).second));
  EXPECT_EQ(command(0).targets, (std::vector<std::string>{"siren-01", "siren-02"}));

  sent[0].done({net::PublishResult::Kind::acknowledged, 0});
  EXPECT_EQ(driver.last(), "nothing") << "the broker's acknowledgement proves nothing";
  say("siren-01", Stage::accepted);
  ASSERT_EQ(driver.outcomes.size(), 1u);
  EXPECT_EQ(driver.outcomes[0].first, 1);
  EXPECT_EQ(std::get<delivery::Accepted>(driver.outcomes[0].second).ref, command(0).cmd_id + "/siren-01");
  EXPECT_TRUE(driver.proofs.empty());
  say("siren-01", Stage::sounding);
  say("siren-01", Stage::sounding);
  ASSERT_EQ(driver.proofs.size(), 1u) << "a repetition teaches nothing";
  EXPECT_EQ(driver.proofs[0].proof, delivery::Proof::confirmed);
  EXPECT_EQ(driver.proofs[0].kind, "sounding");
  EXPECT_EQ(std::get<delivery::DeliveryId>(driver.proofs[0].about), delivery::DeliveryId(1));
}

TEST_F(SirenChannelTest, ARepetitionGoesToTheSirenAloneWithTheSameIdAndANewCounter) {
  channel->start({attempt(1, "siren-01", content()), attempt(2, "siren-02", content())});
  say("siren-01", Stage::accepted);
  run_for(base::milliseconds(1200));
  EXPECT_EQ(driver.last(), "unknown");
  channel->start({attempt(2, "siren-02", content(), 2)});
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].message.topic, "warn/v1/tirtapura/live/siren/siren-02/cmd");
  EXPECT_EQ(command(1).cmd_id, command(0).cmd_id);
  EXPECT_GT(command(1).counter, command(0).counter);
}

TEST_F(SirenChannelTest, CountersGoOnAfterARestartAndAClockThatWentBack) {
  channel->start({attempt(1, "siren-01", content())});
  channel.reset();
  clock.value.wall -= std::chrono::hours(24 * 365);
  channel = make();
  channel->start({attempt(1, "siren-01", content(), 2)});
  EXPECT_GT(command(1).counter, command(0).counter);
  EXPECT_EQ(command(1).cmd_id, command(0).cmd_id);
}

/// A new state folder whose predecessor has run ahead of the clock: no siren may refuse it for long.
TEST_F(SirenChannelTest, CountersGoOnAboveWhatASirensStateSaysThatItHasAccepted) {
  const auto ahead = static_cast<std::uint64_t>(clock.value.wall.time_since_epoch().count()) + 60'000;
  const State state{"siren-01", Mode::live, State::Now::idle,
                    Ack{"siren-01", "00000000-0000-8000-8000-000000000001", Stage::done, "", "", noon, ahead, 0}, noon};
  net::MqttMessage message;
  message.topic = siren_topic("tirtapura", "siren-01", Subject::state);
  message.payload = write(state);
  message.retain = net::Retain::yes;
  link->handlers.on_message(message);
  channel->start({attempt(1, "siren-01", content())});
  EXPECT_GT(command(0).counter, ahead);
}

TEST_F(SirenChannelTest, AfterARejectedCounterTheNextOneIsNotBehindTheClock) {
  channel->start({attempt(1, "siren-01", content())});
  clock.value.wall += std::chrono::seconds(5);
  say("siren-01", Stage::rejected, "counter");
  ASSERT_EQ(driver.last(), "not_sent");
  channel->start({attempt(1, "siren-01", content(), 2)});
  EXPECT_GT(command(1).counter, static_cast<std::uint64_t>(clock.value.wall.time_since_epoch().count()));
}

TEST_F(SirenChannelTest, NobodySubscribedIsNotSentAndDoesNotGateTheOthers) {
  channel->start({attempt(1, "siren-01", content())});
  sent[0].done({net::PublishResult::Kind::acknowledged, 16});
  ASSERT_EQ(driver.last(), "not_sent");
  const auto& outcome = std::get<delivery::NotSent>(driver.outcomes[0].second);
  EXPECT_EQ(outcome.scope, delivery::NotSent::Scope::recipient);
  EXPECT_EQ(outcome.after, std::chrono::seconds(1));
}

TEST_F(SirenChannelTest, SaysThatItsRoomHasGrownWhenTheBrokerHasAcknowledged) {
  channel->start({attempt(1, "siren-01", content()), attempt(3, "siren-03", content("port"))});
  ASSERT_EQ(sent.size(), 2u);
  driver.ready_said = 0;
  for (auto& publish : sent) publish.done({net::PublishResult::Kind::acknowledged, 0});
  EXPECT_EQ(driver.ready_said, 2);
}

TEST_F(SirenChannelTest, OneSirenThatIsBusyOrLateDoesNotGateTheOthers) {
  for (const auto* reason : {"busy", "clock", "expired", "counter", "retained"}) {
    SCOPED_TRACE(reason);
    driver.outcomes.clear();
    sent.clear();
    channel->start({attempt(1, "siren-01", content())});
    say("siren-01", Stage::rejected, reason);
    ASSERT_EQ(driver.last(), "not_sent");
    EXPECT_EQ(std::get<delivery::NotSent>(driver.outcomes[0].second).scope, delivery::NotSent::Scope::recipient);
  }
}

TEST_F(SirenChannelTest, AFullLinkGatesTheEndpointAndWhatMqttCannotCarryEndsTheDelivery) {
  link->failure = net::PublishFailure::busy;
  channel->start({attempt(1, "siren-01", content())});
  ASSERT_EQ(driver.last(), "not_sent");
  EXPECT_EQ(std::get<delivery::NotSent>(driver.outcomes[0].second).scope, delivery::NotSent::Scope::endpoint);
  link->failure = net::PublishFailure::invalid;
  channel->start({attempt(2, "siren-02", content())});
  ASSERT_EQ(driver.last(), "refused");
  EXPECT_EQ(std::get<delivery::Refused>(driver.outcomes[1].second).cause, delivery::Cause::message);
}

TEST_F(SirenChannelTest, ABrokerThatForbidsShutsTheEndpoint) {
  channel->start({attempt(1, "siren-01", content())});
  sent[0].done({net::PublishResult::Kind::acknowledged, 135});
  EXPECT_EQ(std::get<delivery::Refused>(driver.outcomes.at(0).second).cause, delivery::Cause::endpoint);
}

TEST_F(SirenChannelTest, ABrokerThatDiesBeforeItsAnswerLeavesItToTheSiren) {
  channel->start({attempt(1, "siren-01", content())});
  sent[0].done({net::PublishResult::Kind::lost, 0});
  EXPECT_EQ(driver.last(), "nothing");
  say("siren-01", Stage::sounding);
  EXPECT_EQ(driver.last(), "accepted");
  EXPECT_EQ(driver.proofs.size(), 1u);
}

TEST_F(SirenChannelTest, WithoutALinkNothingIsSentAndNothingIsKept) {
  link->is_up = false;
  EXPECT_EQ(channel->room(), 0u);
  channel->start({attempt(1, "siren-01", content())});
  ASSERT_EQ(driver.last(), "not_sent");
  EXPECT_EQ(std::get<delivery::NotSent>(driver.outcomes[0].second).scope, delivery::NotSent::Scope::endpoint);
}

TEST_F(SirenChannelTest, TakesAnswersOnlyFromTheTopicOfTheSirenThatSpeaks) {
  channel->start({attempt(1, "siren-01", content())});
  say("siren-01", Stage::sounding, "", "siren-02");
  EXPECT_EQ(driver.last(), "nothing");
  EXPECT_TRUE(driver.proofs.empty());
}

TEST_F(SirenChannelTest, ASirenThatWasNotAddressedRaisesAnAlarmAndProvesNothing) {
  channel->start({attempt(1, "siren-01", content())});
  say("siren-09", Stage::sounding);
  EXPECT_TRUE(driver.proofs.empty());
  EXPECT_EQ(driver.alarms["stranger/siren-09"], "siren.not_addressed");
}

TEST_F(SirenChannelTest, FailedToSoundIsFailureWithProof) {
  channel->start({attempt(1, "siren-01", content())});
  say("siren-01", Stage::accepted);
  say("siren-01", Stage::failed, "not_proven");
  ASSERT_EQ(driver.proofs.size(), 1u);
  EXPECT_EQ(driver.proofs[0].proof, delivery::Proof::failed);
  EXPECT_EQ(driver.proofs[0].kind, "failed_to_sound");
}

TEST_F(SirenChannelTest, OneSirensRejectionNeverShutsTheEndpoint) {
  for (int i = 0; i <= static_cast<int>(Rejection::unsupported); ++i) {
    const Ack ack{"siren-01", "c", Stage::rejected, std::string(name(static_cast<Rejection>(i))), "", noon, 1, 0};
    const auto verdict = outcome(ack);
    if (const auto* refused = std::get_if<delivery::Refused>(&verdict)) {
      EXPECT_TRUE(refused->cause == delivery::Cause::recipient || refused->cause == delivery::Cause::message);
    }
  }
}

TEST_F(SirenChannelTest, AWrongClockIsNamedAndTriedAgain) {
  channel->start({attempt(1, "siren-01", content())});
  clock.value.wall += std::chrono::hours(2);
  Ack ack{"siren-01", command(0).cmd_id, Stage::rejected, "clock", "", noon, command(0).counter, 0};
  net::MqttMessage message;
  message.topic = siren_topic("tirtapura", "siren-01", Subject::ack);
  message.payload = write(ack);
  link->handlers.on_message(message);
  EXPECT_EQ(driver.last(), "not_sent");
  EXPECT_EQ(driver.alarms["rejected/siren-01"], "siren.clock");
}

TEST_F(SirenChannelTest, AStopCallsOffWhatItRefersToAndThenSoundsItsOwnProgram) {
  auto stop = content();
  stop->alert_identifier = "TP-2026-0002";
  stop->is_stop = true;
  stop->references = "a@b,TP-2026-0001,2026-11-24T02:15:00-00:00";
  stop->body = plan::SirenProgram{"no-danger", std::chrono::seconds(10), {"siren-01"}, {}};
  channel->start({attempt(3, "siren-01", stop)});
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(command(0).action, Action::cancel);
  EXPECT_EQ(command(0).alert_id, "TP-2026-0001");
  EXPECT_EQ(command(1).action, Action::activate);
  EXPECT_EQ(command(1).alert_id, "TP-2026-0002");
  EXPECT_LT(command(0).counter, command(1).counter);
  say("siren-01", Stage::done, "", "", 0);
  EXPECT_EQ(driver.last(), "nothing") << "the cancel does not decide";
  say("siren-01", Stage::accepted, "", "", 1);
  EXPECT_EQ(driver.last(), "accepted");
}

TEST_F(SirenChannelTest, AContentOfTheOtherModeIsRefused) {
  auto drill = content();
  drill->mode = alert::Mode::drill;
  channel->start({attempt(1, "siren-01", drill)});
  EXPECT_TRUE(sent.empty());
  EXPECT_EQ(driver.last(), "refused");
}

TEST_F(SirenChannelTest, AWillIsAnAlarmUnlessItsSessionIsOver) {
  const auto online = [&](Online::Presence presence, const std::string& session) {
    net::MqttMessage message;
    message.topic = siren_topic("tirtapura", "siren-01", Subject::online);
    message.payload = write(Online{presence, session, noon});
    link->handlers.on_message(message);
  };
  online(Online::Presence::online, "new");
  online(Online::Presence::offline, "old");
  EXPECT_FALSE(driver.alarms.contains("offline/siren-01"));
  online(Online::Presence::offline, "new");
  EXPECT_TRUE(driver.alarms.contains("offline/siren-01"));
  online(Online::Presence::online, "newer");
  EXPECT_FALSE(driver.alarms.contains("offline/siren-01"));
}

TEST_F(SirenChannelTest, ALateAnswerAfterARestartIsFoundByItsReference) {
  channel->start({attempt(1, "siren-01", content())});
  channel.reset();
  channel = make();
  say("siren-01", Stage::done);
  ASSERT_EQ(driver.proofs.size(), 1u);
  EXPECT_EQ(std::get<delivery::Ref>(driver.proofs[0].about).value, command(0).cmd_id + "/siren-01");
}

}  // namespace
}  // namespace broadcaster::channels::siren
