// Uploads to a real web server: nginx with its dav module, which looks at no conditions.
#include <fmt/core.h>
#include <unistd.h>

#include <fstream>

#include "broadcaster/net/child.hpp"
#include "broadcaster/net/ports.hpp"
#include "channels/cap_feed/cap_feed.hpp"
#include "tests/channels/cap_feed/support.hpp"
#include "tests/channels/range_fixture.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace fs = std::filesystem;

constexpr auto nginx = "/usr/sbin/nginx";
constexpr std::string_view configuration = R"(daemon off;
master_process off;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{};
    root www;
    location /cap/ {{ dav_methods PUT; client_max_body_size 2m; }}
    location /small/ {{ dav_methods PUT; client_max_body_size 1k; }}
    location /shut/ {{ dav_methods PUT; limit_except GET {{ deny all; }} }}
    location /plain/ {{ }}
  }}
}}
)";

struct OverNginx : RangeFixture {
  void SetUp() override {
    if (::access(nginx, X_OK) != 0) GTEST_SKIP() << "nginx is not installed";
    char path[] = "/tmp/broadcaster-nginx-XXXXXX";
    folder = ::mkdtemp(path);
    port = *net::free_port();
    for (const auto* place : {"cap", "small", "shut", "plain"}) fs::create_directories(folder / "www" / place);
    std::ofstream(folder / "nginx.conf") << fmt::format(configuration, port);
    EXPECT_TRUE(base::write_file(folder / "agency.key", us()->key.pem));
    // It must not outlive us, however we end.
    net::ChildOptions options;
    options.argv = {"/usr/bin/setpriv",    "--pdeathsig", "KILL",       nginx, "-p",
                    folder.string() + "/", "-c",          "nginx.conf", "-e",  "stderr"};
    auto started = net::Child::start(*loop, std::move(options));
    ASSERT_TRUE(started);
    server = std::move(*started);
    ASSERT_TRUE(until([&] { return answers(); })) << "nginx does not answer";
  }
  void TearDown() override {
    server.reset();
    if (!folder.empty()) fs::remove_all(folder);
  }
  bool answers() {
    std::optional<bool> there;
    net::HttpRequest request;
    request.url = fmt::format("http://127.0.0.1:{}/cap/", port);
    http->send(std::move(request), [&](net::HttpResult result) { there = result.has_value(); });
    return until([&] { return there.has_value(); }) && *there;
  }
  std::unique_ptr<Channel> open(const std::string& place) {
    plan::Endpoint endpoint;
    endpoint.name = plan::EndpointName("feed");
    endpoint.channel = "cap_feed";
    endpoint.mode = alert::Mode::drill;
    endpoint.settings = {{"url", fmt::format("http://127.0.0.1:{}/{}/", port, place)},
                         {"title", "BPBD"},
                         {"signer", us()->shown.digest},
                         {"signing_key", "file:" + (folder / "agency.key").string()}};
    auto made = kind().create(endpoint, tools);
    EXPECT_TRUE(made);
    (*made)->open();
    EXPECT_TRUE(until([&] { return (*made)->room() > 0; }));
    return std::move(*made);
  }
  void start(Channel& channel, const std::string& identifier) {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.now().wall);
    auto attempt = living(plan::fill(made(order(alert::Status::exercise, now + 1h)), filling(identifier, now)));
    auto content = *attempt.content;
    content.alert_identifier = identifier;
    attempt.content = std::make_shared<const delivery::Content>(std::move(content));
    std::vector<delivery::Attempt> batch;
    batch.push_back(std::move(attempt));
    channel.start(std::move(batch));
  }
  std::string publish(Channel& channel, const std::string& identifier) {
    const auto before = reports.outcomes.size();
    start(channel, identifier);
    EXPECT_TRUE(until([&] { return reports.outcomes.size() > before; }));
    return said(reports.outcomes.back().second);
  }
  std::string web(const std::string& file) const { return base::read_file(folder / "www" / file).value_or(""); }

  fs::path folder;
  unsigned short port = 0;
  std::unique_ptr<net::Child> server;
};

TEST_F(OverNginx, DocumentAndIndexLieThereAndAreReadBack) {
  const auto feed = open("cap");
  EXPECT_EQ(publish(*feed, "TP12-1"), "accepted");
  EXPECT_EQ(publish(*feed, "TP13-1"), "accepted");
  const std::vector<alert::cap::Pin> pins{{"agency", us()->shown.pem}};
  EXPECT_TRUE(alert::cap::verified(web("cap/TP12-1.xml"), "x", pins));
  for (const auto* file : {"TP12-1.xml", "TP13-1.xml"})
    EXPECT_NE(web("cap/index.atom").find(file), std::string::npos) << web("cap/index.atom");
  ASSERT_TRUE(until([&] { return feed->proving() == 0; }, 30s));
  ASSERT_EQ(reports.proofs.size(), 2u);
  for (const auto& proof : reports.proofs) EXPECT_EQ(proof.proof, delivery::Proof::confirmed) << proof.detail;
}

TEST_F(OverNginx, TwoWritersAtOnceLoseNoEntryForLong) {
  const auto one = open("cap"), other = open("cap");
  for (int round = 0; round < 10; ++round) {
    const auto before = reports.outcomes.size();
    start(*one, fmt::format("A-{}", round));
    start(*other, fmt::format("B-{}", round));
    ASSERT_TRUE(until([&] { return reports.outcomes.size() == before + 2; }));
  }
  ASSERT_TRUE(until([&] { return one->proving() == 0 && other->proving() == 0; }, 60s));
  for (const auto& [attempt, outcome] : reports.outcomes) EXPECT_EQ(said(outcome), "accepted");
  for (int round = 0; round < 10; ++round)
    for (const auto* writer : {"A", "B"})
      EXPECT_NE(web("cap/index.atom").find(fmt::format("{}-{}.xml", writer, round)), std::string::npos)
          << writer << round;
  for (const auto& proof : reports.proofs) EXPECT_EQ(proof.proof, delivery::Proof::confirmed) << proof.detail;
}

TEST_F(OverNginx, WhatItRefusesIsWhatComesOfIt) {
  EXPECT_EQ(publish(*open("small"), "TP12-1"), "refused(message)");
  EXPECT_EQ(publish(*open("shut"), "TP12-1"), "refused(credentials)");
  EXPECT_EQ(publish(*open("plain"), "TP12-1"), "refused(endpoint)");
  server.reset();
  const auto gone = open("cap");
  EXPECT_EQ(publish(*gone, "TP12-1"), "not_sent");
  EXPECT_EQ(gone->reachability(), Reachability::down);
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
