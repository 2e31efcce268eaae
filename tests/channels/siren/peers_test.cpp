// The real thing on loopback: mosquitto with TLS, client certificates and an access list; agents as processes; the
// channel as the driver would use it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "broadcaster/base/files.hpp"
#include "broadcaster/net/child.hpp"
#include "broadcaster/net/mqtt.hpp"
#include "broadcaster/net/ports.hpp"
#include "channels/siren/broker/broker_config.hpp"
#include "channels/siren/broker/certificates.hpp"
#include "channels/siren/protocol/answers.hpp"
#include "channels/siren/protocol/keys.hpp"
#include "channels/siren/siren.hpp"

namespace broadcaster::channels::siren {
namespace {

using delivery::Proof;
namespace fs = std::filesystem;

struct MemoryStore final : ChannelStore {
  std::map<std::string, std::string> values;
  void load(const std::string& key, std::move_only_function<void(std::optional<std::string>)> done) override {
    done(values.contains(key) ? std::optional(values[key]) : std::nullopt);
  }
  void save(const std::string& key, std::string value, std::move_only_function<void()> done) override {
    values[key] = std::move(value);
    done();
  }
};

/// A siren channel never uses it.
struct NoHttp final : net::HttpClient {
  net::RequestId send(net::HttpRequest, std::move_only_function<void(net::HttpResult)>) override { return {}; }
  void cancel(net::RequestId) override {}
  std::size_t in_flight() const override { return 0; }
};

struct Driver final : Reports {
  std::map<std::int64_t, std::vector<std::string>> outcomes;  ///< by delivery
  std::map<std::int64_t, std::vector<std::pair<Proof, std::string>>> proofs;
  std::map<std::int64_t, base::MonoTime> sounding_at;
  std::map<std::string, std::string> alarms;
  const net::Loop* loop = nullptr;
  void finished(delivery::AttemptId attempt, delivery::Outcome outcome) override {
    outcomes[attempt.delivery.value].push_back(std::string(name(outcome)) + " " + why(outcome));
  }
  void evidence(delivery::Evidence evidence, std::move_only_function<void()> stored) override {
    const auto* delivery = std::get_if<delivery::DeliveryId>(&evidence.about);
    const auto key = delivery ? delivery->value : -1;
    proofs[key].emplace_back(evidence.proof, evidence.kind);
    if (evidence.kind == "sounding") sounding_at[key] = loop->now();
    stored();
  }
  void alarm(const plan::EndpointName&, const std::string& key, std::optional<base::Text> text) override {
    if (text)
      alarms[key] = text->id;
    else
      alarms.erase(key);
  }
  bool may_leave(delivery::AttemptId) override { return true; }
  void ready(const plan::EndpointName&) override {}
  bool has(std::int64_t delivery, const std::string& kind) const {
    const auto at = proofs.find(delivery);
    if (at == proofs.end()) return false;
    for (const auto& [proof, what] : at->second)
      if (what == kind) return true;
    return false;
  }
};

struct SirenPeers : testing::Test {
  fs::path folder;
  std::unique_ptr<net::Loop> loop = net::Loop::create();
  net::Workers workers{*loop, 2};
  NoHttp http;
  base::SystemClock clock;
  base::SystemRandom random;
  Driver driver;
  MemoryStore store;
  ChannelTools tools{*loop, workers, http, clock, random, driver, store, "", ""};
  unsigned short port = 0;
  std::unique_ptr<net::Child> broker;
  std::map<std::string, std::unique_ptr<net::Child>> agents;
  std::unique_ptr<Channel> channel;
  std::string command_key;

  void SetUp() override {
    driver.loop = loop.get();
    char name[] = "/tmp/siren-peers-XXXXXX";
    folder = ::mkdtemp(name);
    tools.config_folder = folder.string();
    port = *net::free_port();
    const auto now = clock.now().wall;
    const auto authority = *make_authority("drill authority", now, std::chrono::days(2));
    put("ca.pem", authority.certificate);
    credential("broker", *issue(authority, "broker", Purpose::server, now, std::chrono::days(2)));
    std::vector<SirenAccess> sirens;
    for (const std::string siren : {"siren-01", "siren-02", "siren-03", "siren-04", "intruder"}) {
      credential(siren, *issue(authority, siren, Purpose::client, now, std::chrono::days(2)));
      if (siren != "intruder") sirens.push_back({siren, Mode::drill, {"muara"}});
    }
    credential("tirtapura-drill", *issue(authority, "tirtapura-drill", Purpose::client, now, std::chrono::days(2)));
    put("acl", access_list("tirtapura", {{"tirtapura-drill", Mode::drill}}, sirens));
    fs::create_directory(folder / "store");
    const auto path = [&](const char* file) { return (folder / file).string(); };
    put("mosquitto.conf",
        broker_config({.port = port,
                       .files = {path("ca.pem"), path("broker.pem"), path("broker.key"), path("acl"), path("store")},
                       .user = ::geteuid() == 0 ? BrokerOptions::User::root : BrokerOptions::User::mosquitto}));
    const auto seed = SigningKey::new_seed();
    put("command.seed", seed + "\n");
    command_key = SigningKey::from_seed(seed)->public_key().base64();
    start_broker();
  }

  void TearDown() override {
    channel.reset();
    if (HasFailure())
      for (const auto& file : fs::directory_iterator(folder))
        if (file.path().extension() == ".log") std::fputs((*base::read_file(file.path())).c_str(), stderr);
    for (auto& [id, agent] : agents) agent->terminate(base::milliseconds(500));
    (void)until(
        [&] { return std::none_of(agents.begin(), agents.end(), [](auto& a) { return a.second->running(); }); });
    agents.clear();
    broker.reset();
    fs::remove_all(folder);
  }

  void put(const std::string& file, const std::string& text) { ASSERT_TRUE(base::write_file(folder / file, text)); }
  void credential(const std::string& name, const Credential& made) {
    put(name + ".pem", made.certificate);
    put(name + ".key", made.key);
  }
  void start_broker() {
    net::ChildOptions options;
    options.argv = {"/usr/sbin/mosquitto", "-c", (folder / "mosquitto.conf").string()};
    options.output = folder / "broker.log";
    auto child = net::Child::start(*loop, std::move(options));
    ASSERT_TRUE(child);
    broker = std::move(*child);
  }
  void start_agent(const std::string& id, const std::string& run, std::vector<std::string> more = {}) {
    net::ChildOptions options;
    options.argv = {SIREN_AGENT,
                    "--id",
                    id,
                    "--site",
                    "tirtapura",
                    "--mode",
                    "drill",
                    "--zone",
                    "muara",
                    "--broker",
                    "127.0.0.1:" + std::to_string(port),
                    "--ca",
                    (folder / "ca.pem").string(),
                    "--cert",
                    (folder / (id + ".pem")).string(),
                    "--key",
                    (folder / (id + ".key")).string(),
                    "--command-key",
                    command_key,
                    "--state",
                    (folder / id).string(),
                    "--prove-within",
                    "800",
                    "--run",
                    run};
    options.argv.insert(options.argv.end(), more.begin(), more.end());
    options.output = folder / (id + ".log");
    auto child = net::Child::start(*loop, std::move(options));
    ASSERT_TRUE(child);
    agents[id] = std::move(*child);
  }
  void open_channel() {
    plan::Endpoint endpoint;
    endpoint.name = plan::EndpointName("sirens");
    endpoint.channel = "siren";
    endpoint.mode = alert::Mode::drill;
    endpoint.settings = {{"broker", "127.0.0.1:" + std::to_string(port)},
                         {"ca", "ca.pem"},
                         {"certificate", "tirtapura-drill.pem"},
                         {"key", "tirtapura-drill.key"},
                         {"site", "tirtapura"},
                         {"controller", "tirtapura-drill"},
                         {"signing_key", "file:command.seed"}};
    auto made = kind().create(endpoint, tools);
    ASSERT_TRUE(made) << made.error().text.id;
    channel = std::move(*made);
    channel->open();
    ASSERT_TRUE(until([&] { return channel->room() > 0; }));
  }
  /// Runs the loop until it is so; false after 20 s.
  template <class Condition>
  bool until(Condition condition) {
    const auto end = loop->now() + std::chrono::seconds(20);
    while (!condition() && loop->now() < end) {
      loop->after(base::milliseconds(2), [&] { loop->stop(); });
      loop->run();
    }
    return condition();
  }
  bool log_has(const std::string& id, const std::string& text) {
    const auto log = base::read_file(folder / (id + ".log"));
    return log && log->find(text) != std::string::npos;
  }
  static std::shared_ptr<delivery::Content> content(const std::string& alert) {
    auto out = std::make_shared<delivery::Content>();
    out->mode = alert::Mode::drill;
    out->alert_identifier = alert;
    out->hazard = "tsunami";
    out->zone = alert::ZoneId("muara");
    out->form = "siren";
    out->plan_digest = std::string(64, 'a');
    out->body = plan::SirenProgram{
        "drill-tsunami", std::chrono::seconds(30), {"siren-01", "siren-02", "siren-03", "siren-04"}, {}};
    return out;
  }
  delivery::Attempt attempt(int delivery, const std::string& siren, std::shared_ptr<const delivery::Content> what,
                            int number = 1) {
    return {.id = {delivery::DeliveryId(delivery), number},
            .endpoint = plan::EndpointName("sirens"),
            .recipient = siren,
            .key = "k",
            .content = std::move(what),
            .memo = {},
            .expires = clock.now().wall + std::chrono::minutes(5)};
  }
};

TEST_F(SirenPeers, ZoneSoundsDeadAndMuteSirensAreToldApart) {
  start_agent("siren-01", "echo sounding; sleep 60");
  start_agent("siren-02", "sleep 20", {"--probe", "true", "--max-on", "10"});
  start_agent("siren-03", "sleep 60");  // acknowledges, and never sounds
  open_channel();
  for (const auto* id : {"siren-01", "siren-02", "siren-03"})
    ASSERT_TRUE(until([&] { return log_has(id, "connected"); })) << id;
  (void)until([n = 0]() mutable { return ++n > 50; });  // a few turns: subscriptions are answered

  const auto what = content("TP-1");
  const auto published = loop->now();
  channel->start({attempt(1, "siren-01", what), attempt(2, "siren-02", what), attempt(3, "siren-03", what),
                  attempt(4, "siren-04", what)});
  EXPECT_TRUE(until([&] { return driver.has(1, "sounding") && driver.has(2, "sounding"); }));
  for (const int i : {1, 2})
    std::fprintf(stderr, "publish to sounding, siren-0%d: %lld ms\n", i,
                 static_cast<long long>((driver.sounding_at[i] - published).count()));
  EXPECT_TRUE(until([&] { return driver.has(3, "failed_to_sound"); }));
  EXPECT_TRUE(until([&] { return driver.outcomes.contains(4); }));
  EXPECT_TRUE(driver.outcomes[4][0].starts_with("unknown")) << driver.outcomes[4][0];
  channel->start({attempt(4, "siren-04", what, 2)});  // alone: now the broker knows that nobody listens
  EXPECT_TRUE(until([&] { return driver.outcomes[4].size() == 2; }));
  EXPECT_TRUE(driver.outcomes[4][1].starts_with("not_sent")) << driver.outcomes[4][1];

  ::kill(agents["siren-02"]->pid(), SIGKILL);
  EXPECT_TRUE(until([&] { return driver.alarms.contains("offline/siren-02"); }));

  auto stop = content("TP-2");
  stop->is_stop = true;
  stop->references = "a@b,TP-1,2026-11-24T02:15:00-00:00";
  stop->body = plan::SirenProgram{"", std::chrono::seconds(0), {"siren-01"}, {}};
  channel->start({attempt(5, "siren-01", stop)});
  EXPECT_TRUE(until([&] { return driver.has(1, "done"); })) << "the false alarm ends the tone";
  EXPECT_TRUE(until([&] { return driver.has(5, "done"); }));
}

TEST_F(SirenPeers, BrokerRestartInTheMiddleSoundsOnceAndProvesIt) {
  start_agent("siren-01", "sleep 0.5; echo ran >> " + (folder / "sounds").string() + "; echo sounding; sleep 60");
  open_channel();
  ASSERT_TRUE(until([&] { return log_has("siren-01", "connected"); }));
  (void)until([n = 0]() mutable { return ++n > 50; });
  const auto what = content("TP-1");
  channel->start({attempt(1, "siren-01", what)});
  ASSERT_TRUE(until([&] { return log_has("siren-01", "accepted"); }));
  broker.reset();  // killed while the siren starts to sound
  ASSERT_TRUE(until([&] { return driver.alarms.contains("broker") && log_has("siren-01", "sounding"); }));
  start_broker();
  EXPECT_TRUE(until([&] { return driver.has(1, "sounding"); }));
  EXPECT_FALSE(driver.alarms.contains("broker"));
  ASSERT_TRUE(until([&] {
    const auto log = *base::read_file(folder / "siren-01.log");
    return log.find("connected\n") != log.rfind("connected\n");
  }));
  ASSERT_TRUE(until([&] { return channel->room() > 0; }));
  for (int number = 2; number < 5; ++number) {
    channel->start({attempt(1, "siren-01", what, number)});
    EXPECT_TRUE(until([&] { return driver.outcomes[1].size() >= static_cast<std::size_t>(number); }));
  }
  EXPECT_TRUE(driver.outcomes[1].back().starts_with("accepted")) << driver.outcomes[1].back();
  EXPECT_EQ(*base::read_file(folder / "sounds"), "ran\n") << "repetitions repeat the answer, not the tone";
}

/// What is not on a small board cannot be broken into there.
TEST(SirenAgent, BringsNoIcuNoDatabaseNoXmlAndNoFonts) {
  FILE* const pipe = ::popen("ldd " SIREN_AGENT, "r");
  ASSERT_TRUE(pipe);
  std::string out;
  char buffer[4096];
  while (const auto n = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  ASSERT_EQ(::pclose(pipe), 0);
  ASSERT_NE(out.find("libmosquitto"), std::string::npos);
  for (const auto* library : {"libicu", "libsqlite", "libxml2", "libpango", "libcairo", "libcurl", "libyaml"})
    EXPECT_EQ(out.find(library), std::string::npos) << library;
}

TEST_F(SirenPeers, TheAccessListLetsNobodySpeakForAnotherSirenOrCommand) {
  net::MqttOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.client_id = "intruder";
  options.ca_file = (folder / "ca.pem").string();
  options.cert_file = (folder / "siren-02.pem").string();
  options.key_file = (folder / "siren-02.key").string();
  auto client = net::MqttClient::create(*loop, workers, options, {});
  client->start();
  // After it has refused a message with 135, mosquitto 2.0 may close the link (eclipse-mosquitto/mosquitto#2579), and
  // the message behind it is lost: it is said again until the broker has answered it.
  const auto answer_to = [&](const std::string& topic) {
    int reason = -1;
    for (int tries = 0; reason == -1 && tries < 10; ++tries) {
      EXPECT_TRUE(until([&] { return client->can_publish(); }));
      net::MqttPublish message;
      message.topic = topic;
      message.payload = "{}";
      bool answered = false;
      EXPECT_TRUE(client->publish(std::move(message), [&](net::PublishResult result) {
        answered = true;
        if (result.kind == net::PublishResult::Kind::acknowledged) reason = result.reason;
      }));
      EXPECT_TRUE(until([&] { return answered; }));
    }
    return reason;
  };
  constexpr int not_authorized = 135;  // MQTT 5 §2.4
  EXPECT_EQ(answer_to(siren_topic("tirtapura", "siren-01", Subject::ack)), not_authorized);
  EXPECT_EQ(answer_to(command_topic("tirtapura", Mode::drill, "siren-01")), not_authorized);
  EXPECT_EQ(answer_to(group_topic("tirtapura", Mode::drill, "muara")), not_authorized);
  EXPECT_THAT(answer_to(siren_topic("tirtapura", "siren-02", Subject::ack)),
              testing::AnyOf(0, net::no_matching_subscribers));
}

}  // namespace
}  // namespace broadcaster::channels::siren
