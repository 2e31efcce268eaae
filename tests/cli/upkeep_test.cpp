// The owner looks after itself: audit, sign of life, disk, and what is about to lapse, as an officer sees them.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

/// Somebody outside who waits for signs of life.
class Watcher {
 public:
  Watcher() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    struct sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<struct sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 16), 0);
    ::getsockname(fd_, reinterpret_cast<struct sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Watcher() { ::close(fd_); }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  /// The next sign of life, answered; empty when none comes within `patience`.
  std::string next(int patience_ms) {
    struct pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) != 1) return "";
    const int peer = ::accept(fd_, nullptr, nullptr);
    char text[4096];
    const auto n = ::read(peer, text, sizeof text);
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::write(peer, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
    ::close(peer);
    const std::string request(text, n > 0 ? static_cast<std::size_t>(n) : 0);
    return request.substr(0, request.find("\r\n"));
  }

 private:
  int fd_;
  int port_ = 0;
};

struct Upkept : Sending {
  json::object document() {
    const auto ended = town.run({"status", "--mode", "drill", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return ended.status == 0 ? json::parse(ended.out).as_object() : json::object();
  }
  std::set<std::string> alarms() {
    std::set<std::string> keys;
    for (const auto& alarm : document().at("alarms").as_array()) keys.emplace(alarm.as_object().at("key").as_string());
    return keys;
  }
  /// Asks until it is so; each question takes a process, so this is no busy wait.
  template <class Condition>
  void until(Condition so) {
    for (int n = 0; n < 300 && !so(); ++n) {
    }
    EXPECT_TRUE(so());
  }
  void serve() {
    server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  std::optional<Running> server;
};

TEST_F(Upkept, AGreenAuditIsShownAndSignsOfLifeGoToTheDrillsAddressAlone) {
  Watcher live, drill;
  town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\naudit: {every: 1s}\ndead_man: {url: '" +
                                        live.url("/live") + "', drill_url: '" + drill.url("/drill") +
                                        "', every: 1s}\n");
  approved();
  serve();
  EXPECT_EQ(drill.next(20'000), "GET /drill HTTP/1.1");
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  EXPECT_EQ(drill.next(20'000), "GET /drill HTTP/1.1");
  const auto audit = document().at("audit").as_object();
  EXPECT_TRUE(audit.at("green").as_bool()) << audit;
  EXPECT_EQ(audit.at("ballast_bytes").as_int64(), 4 << 20);
  EXPECT_GT(audit.at("free_bytes").as_int64(), 0);
  const auto shown = town.run({"status", "--mode", "drill"}).out;
  EXPECT_NE(shown.find(": all adds up. Longest wait: nobody waits. Free on the disk: "), std::string::npos) << shown;
  server->signal(SIGTERM);
  const auto ended = server->end();
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err.find("No dead-man address"), std::string::npos) << ended.err;
  EXPECT_EQ(live.next(0), "") << "a drill says nothing about the live service";
}

TEST_F(Upkept, ADiskBelowItsBoundIsSaidAtTheStartAndPingsNobody) {
  Watcher drill;
  town.write("config/service.yaml",
             "hooks: {listen: '127.0.0.1:0'}\naudit: {every: 1s}\ndisk: {warn_below_mib: "
             "1048576}\ndead_man: {drill_url: '" +
                 drill.url("/drill") + "', every: 1s}\n");
  serve();
  until([&] { return alarms().contains("/audit/disk"); });
  EXPECT_FALSE(document().at("audit").as_object().at("green").as_bool());
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find("NOT all adds up"), std::string::npos);
  server->signal(SIGTERM);
  EXPECT_NE(server->end().err.find("below 1,048,576 MiB"), std::string::npos);
  EXPECT_EQ(drill.next(0), "");
}

TEST_F(Upkept, WithoutAnAddressItIsSaidOnce) {
  serve();
  until([&] { return document().at("audit").is_object(); });
  server->signal(SIGTERM);
  const auto ended = server->end();
  const auto at = ended.err.find("No dead-man address is configured");
  EXPECT_NE(at, std::string::npos) << ended.err;
}

TEST_F(Upkept, AnEvacuationThatLapsesSoonIsAnAlarmUntilSomethingFollowsIt) {
  town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\naudit: {every: 1s}\n");
  town.replace("config/alerts/tsunami-coast.yaml", "expires: +3h", "expires: +25m");
  approved();
  serve();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  until([&] { return alarms().contains("/lapse/TL1"); });
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find("TL1 lapses in less than 30 minutes,"), std::string::npos);
  ASSERT_EQ(town.run({"halt", "TL1", "--mode", "drill"}).status, 0);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(1500));  // another audit: whoever got it has heard no other word
  EXPECT_TRUE(alarms().contains("/lapse/TL1"));
  const auto taken_back = town.run(
      {"cancel", "TL1", "--mode", "drill", "--false-alarm", "--key", town.key("ratna"), "--confirm", "no tsunami"});
  ASSERT_EQ(taken_back.status, 0) << taken_back.err;
  until([&] { return !alarms().contains("/lapse/TL1"); });
}

}  // namespace
}  // namespace broadcaster::cli
