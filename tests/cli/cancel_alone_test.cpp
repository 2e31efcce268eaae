// "No danger" by one canceller alone, as the real program does it: refused while another alert is open, which calls
// everybody who decides; then, when nobody has come, alone with a reason.
#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/sending.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct Alone : Sending {
  Alone() {
    town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\n");
    town.replace("config/policy.yaml", "false_alarm: {alone_within: 30m, break_glass: {after: 60s, zones: 4}}",
                 "false_alarm: {alone_within: 30m, break_glass: {after: 2s, zones: 4}}");
    town.write("config/duty.yaml",
               "shifts: [{order: [sari]}]\npeople:\n"
               "  - {person: sari, language: en, wake: [{way: push, to: sari}]}\n"
               "  - {person: bayu, wake: [{way: push, to: bayu}]}\n"
               "  - {person: ratna, wake: [{way: push, to: ratna}]}\n"
               "  - {person: hendra, wake: [{way: push, to: hendra}]}\n"
               "ways: [{name: push, kind: ntfy, mode: drill, url: '" +
                   push.url() + "'}]\n");
  }
  void serve() {
    server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
    ASSERT_TRUE(server->wait_for("\n"));
  }
  /// Two alerts for the same zones: each says of the other that the hazard is in force. Before anybody serves, so that
  /// their plans call nobody.
  void two_alerts() {
    for (int n = 0; n < 2; ++n) {
      town.make_plan();
      town.approve("bayu");
      ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
    }
  }
  Ended cancel(std::vector<std::string> more) const {
    std::vector<std::string> words{"cancel", "TL1", "--false-alarm", "--mode", "drill", "--key", town.key("ratna")};
    words.insert(words.end(), more.begin(), more.end());
    return town.run(words);
  }
  Ended alone(const std::string& confirm = "DRILL no tsunami 4") const {
    return cancel({"--break-glass", "--reason", "the gauge was hit by a boat", "--confirm", confirm});
  }
  HttpPeer push;
  std::optional<Running> server;
};

TEST_F(Alone, TheFirstTryCallsEverybodyWhoDecidesAndTheGlassMayBeBrokenAfterTheWait) {
  two_alerts();
  serve();
  const auto early = alone();
  EXPECT_EQ(early.status, 4);
  EXPECT_NE(early.err.find("First the same command without --break-glass"), std::string::npos) << early.err;
  EXPECT_TRUE(push.got().empty());

  const auto refused = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_NE(refused.err.find("alert TL2 (tsunami) is open"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("P1: everybody who decides is called since "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("one person alone can do it from "), std::string::npos) << refused.err;
  ASSERT_TRUE(push.wait_for(3));
  std::set<std::string> called;
  for (const auto& request : push.got()) {
    const auto body = json::parse(request.substr(request.find("\r\n\r\n") + 4)).as_object();
    called.emplace(body.at("topic").as_string());
    if (body.at("topic").as_string() == "sari")
      EXPECT_EQ(body.at("message").as_string(),
                "EXERCISE: BPBD Tirtapura P1: ratna wants to say that TL1 was a false alarm. A second canceller must "
                "agree. Is the danger real? Call ratna now. EXERCISE.");
  }
  EXPECT_EQ(called, (std::set<std::string>{"sari", "bayu", "hendra"})) << "who asks is awake already";

  EXPECT_EQ(alone("no tsunami").status, 4) << "the words of every day are not enough here";
  EXPECT_EQ(cancel({"--break-glass", "--reason", "no", "--confirm", "DRILL no tsunami 4"}).status, 4);
  auto ended = alone();
  for (int n = 0; n < 100 && ended.err.find("break-glass is possible in") != std::string::npos; ++n) ended = alone();
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(status().at("life").as_string(), "stopped");
  EXPECT_EQ(status("TL3").at("authority").as_string(), "break_glass");
  EXPECT_EQ(status("TL3").at("glass").at("reason").as_string(), "the gauge was hit by a boat");
  EXPECT_TRUE(status("TL3").at("false_alarm").as_bool());
  EXPECT_TRUE(json::parse(town.run({"page", "--mode", "drill", "--json"}).out).at("open").as_array().empty());

  server->signal(SIGKILL);
  server->end();
  serve();
  EXPECT_EQ(status("TL3").at("glass").at("person").as_string(), "ratna");
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
}

TEST_F(Alone, ASecondCancellerEndsTheCallsAndWithoutThePolicyItTakesOne) {
  town.replace("config/policy.yaml", "false_alarm:", "# false_alarm:");
  two_alerts();
  serve();
  const auto refused = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_EQ(refused.err.find("one person alone can do it"), std::string::npos) << refused.err;
  const auto ended = alone();
  EXPECT_EQ(ended.status, 4);
  EXPECT_NE(ended.err.find("nobody may take an alert back alone here"), std::string::npos) << ended.err;
  EXPECT_EQ(cancel({"--key", town.key("sari"), "--break-glass", "--reason", "both of us"}).status, 2);
  EXPECT_EQ(cancel({"--key", town.key("sari"), "--confirm", "no tsunami"}).status, 0);
  EXPECT_TRUE(json::parse(town.run({"page", "--mode", "drill", "--json"}).out).at("open").as_array().empty());
}

TEST_F(Alone, TheSecondSignsAnywhereWithTheSameCommand) {
  two_alerts();
  serve();
  const auto first = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(first.status, 4);
  EXPECT_NE(first.err.find("the same command with their own key, from anywhere, within 10 minutes"), std::string::npos)
      << first.err;
  const auto again = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(again.status, 4) << "who signs twice is one person";
  server->signal(SIGKILL);
  server->end();
  serve();
  const auto second = town.run(
      {"cancel", "TL1", "--false-alarm", "--mode", "drill", "--key", town.key("sari"), "--confirm", "no tsunami"});
  EXPECT_EQ(second.status, 0) << second.err;
  EXPECT_TRUE(status("TL3").at("false_alarm").as_bool());
  std::set<std::string> cancellers;
  for (const auto& one : status("TL3").at("signatures").as_array())
    if (one.at("role").as_string() == "canceller") cancellers.emplace(one.at("person").as_string());
  EXPECT_EQ(cancellers, (std::set<std::string>{"ratna", "sari"}));
}

TEST_F(Alone, WhoWaitsIsShownAndMayWithdraw) {
  two_alerts();
  serve();
  const auto first = cancel({"--confirm", "no tsunami"});
  EXPECT_NE(first.err.find("TL1 still stands, and nobody was told anything. ratna has signed that it is a false alarm"),
            std::string::npos)
      << first.err;
  EXPECT_EQ(status().at("cancellers_waiting").at(0).at("person").as_string(), "ratna");
  EXPECT_NE(town.run({"status", "TL1", "--mode", "drill"}).out.find("ratna has signed that it is"), std::string::npos);
  const auto withdrawn = town.run({"cancel", "TL1", "--mode", "drill", "--withdraw"});
  EXPECT_EQ(withdrawn.status, 0) << withdrawn.err;
  EXPECT_NE(withdrawn.out.find("ratna no longer says"), std::string::npos) << withdrawn.out;
  EXPECT_FALSE(status().contains("cancellers_waiting"));
  const auto second = town.run(
      {"cancel", "TL1", "--false-alarm", "--mode", "drill", "--key", town.key("sari"), "--confirm", "no tsunami"});
  EXPECT_EQ(second.status, 4) << "one person again";
  EXPECT_NE(town.run({"cancel", "TL2", "--mode", "drill", "--withdraw"}).out.find("Nobody waits"), std::string::npos);
}

TEST_F(Alone, WhatIsTakenBackAlreadyNeedsNoWordsAndNoGlass) {
  town.make_plan();
  town.approve("bayu");
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  ASSERT_EQ(cancel({"--confirm", "no tsunami"}).status, 0);
  for (const auto& again : {cancel({}), alone()}) {
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_NE(again.err.find("TL1 was taken back already, by TL2."), std::string::npos) << again.err;
  }
  EXPECT_EQ(town.run({"status", "TL3", "--mode", "drill"}).status, 1);
}

TEST_F(Alone, WithoutAnybodyOnDutyItIsTheSameRefusalAndNobodyIsCalled) {
  std::filesystem::remove(town.path("config/duty.yaml"));
  two_alerts();
  serve();
  const auto refused = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_EQ(refused.err.find("is called since"), std::string::npos) << refused.err;
}

TEST_F(Alone, ThePolicyOfTodaySaysHowLongOneIsEnough) {
  town.make_plan();
  town.approve("bayu");
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  town.replace("config/policy.yaml", "alone_within: 30m", "alone_within: 0m");
  const auto refused = cancel({"--confirm", "no tsunami"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_NE(refused.err.find("this agency lets nobody take an alert back alone"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace broadcaster::cli
