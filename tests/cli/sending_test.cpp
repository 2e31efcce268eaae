// Release, following, stopping and taking back, against a range of the same program.
#include "tests/cli/sending.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

TEST_F(Sending, ADrillGoesOutAndIsOnTheRecord) {
  approved();
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  EXPECT_NE(sent.out.find("Released as TL1.\n"), std::string::npos) << sent.out;
  EXPECT_NE(sent.out.find("TL1: everything is accepted or proven.\n"), std::string::npos) << sent.out;
  EXPECT_EQ(status().at("deliveries").as_object().at("planned").as_int64(), 2);
  const auto shown = town.run({"status", "--mode", "drill"});
  EXPECT_NE(shown.out.find("TL1 · tsunami · Exercise · running · released "), std::string::npos) << shown.out;
  const auto verified = town.run({"record", "verify", "--mode", "drill"});
  EXPECT_EQ(verified.status, 0);
  EXPECT_NE(verified.out.find("The record is whole: "), std::string::npos) << verified.out;
  EXPECT_EQ(town.run({"record", "export", "TL1", "evidence", "--mode", "drill"}).status, 0);
  EXPECT_NE(town.read("evidence/plan.json"), "");
  EXPECT_EQ(town.run({"record", "export", "TL1", "evidence", "--mode", "drill"}).status, 1) << "it is not empty";
  EXPECT_EQ(town.read("state/broadcaster.log").find("a-secret-token"), std::string::npos);
}

TEST_F(Sending, AZoneThatIsLeftOutIsSaidInTheStatusToo) {
  town.replace("config/alerts/tsunami-coast.yaml", "teluk, karang]", "teluk]");
  approved();
  EXPECT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const auto missed = status().at("not_alerted").as_array();
  ASSERT_EQ(missed.size(), 1u);
  EXPECT_EQ(missed[0].as_object().at("id").as_string(), "karang");
  const auto shown = town.run({"status", "--mode", "drill"});
  EXPECT_NE(shown.out.find("NOT alerted, although the hazard can reach them: Karang"), std::string::npos) << shown.out;
}

// One language is too long for the account: signed so, and whoever looks later must see that it was not said.
TEST_F(Sending, WhatThePlanBlocksIsShownAndIsNotAllDelivered) {
  town.replace("config/endpoints.yaml", "name: mastodon-drill, ", "name: mastodon-drill, limit: 246, ");
  approved();
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 3) << sent.out;
  EXPECT_NE(sent.out.find("  NOT said over mastodon-drill · id: "), std::string::npos) << sent.out;
  EXPECT_NE(sent.out.find("TL1: NOT everything"), std::string::npos) << sent.out;
  const auto blocked = status().at("blocked").as_array();
  ASSERT_EQ(blocked.size(), 1u);
  EXPECT_EQ(blocked[0].as_object().at("language").as_string(), "id");
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find("NOT said over mastodon-drill"), std::string::npos);
}

TEST_F(Sending, APlanThatWasReleasedIsJoinedAndNotSentAgain) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const auto again = town.run({"send", "drill.plan"});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.out.find("TL1 was released before; following it."), std::string::npos) << again.out;
  EXPECT_EQ(
      json::parse(town.run({"status", "--mode", "drill", "--json"}).out).as_object().at("alerts").as_array().size(),
      1u);
}

TEST_F(Sending, NotApprovedIsRefusedWithEveryReason) {
  town.make_plan();
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 4);
  EXPECT_NE(sent.err.find("0 of 1"), std::string::npos) << sent.err;
}

TEST_F(Sending, APlanEditedAfterApprovalIsRefused) {
  approved();
  town.replace("drill.plan", "muara", "muaro");
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 4);
  EXPECT_NE(sent.err.find("changed after"), std::string::npos) << sent.err;
}

TEST_F(Sending, LiveNeedsTheTypedWords) {
  town.sign_config();
  town.make_plan("live");
  town.approve("ratna", "live");
  town.approve("hendra", "live");
  for (const auto* typed : {"yes\n", "LIVE tsunami 3\n", "\n", ""}) {
    const auto sent = town.run({"send", "live.plan"}, typed);
    EXPECT_NE(sent.status, 0) << typed;
    EXPECT_EQ(sent.out.find("Released"), std::string::npos) << sent.out;
  }
  EXPECT_EQ(town.run({"send", "live.plan", "--confirm", "DRILL tsunami 4"}).status, 4);
  const auto sent = town.run({"send", "live.plan", "--confirm", "LIVE tsunami 4"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_NE(sent.out.find("Released as TP1.\n"), std::string::npos) << sent.out;
}

TEST_F(Sending, ADrillPlanTakesNoLiveWords) {
  approved();
  EXPECT_EQ(town.run({"send", "drill.plan", "--confirm", "LIVE tsunami 4"}).status, 4);
}

TEST_F(Sending, WhatTheNetworkRefusesIsExit3) {
  approved();
  ASSERT_EQ(
      post(port, "/faults", R"({"side": "mastodon", "kind": "status", "status": 422, "times": 1, "method": "POST"})"),
      204);
  const auto sent = town.run({"send", "drill.plan"});
  EXPECT_EQ(sent.status, 3) << sent.err << sent.out;
  EXPECT_NE(sent.out.find("NOT everything"), std::string::npos) << sent.out;
}

TEST_F(Sending, CtrlCLeavesAndSaysThatSendingStops) {
  approved();
  range->signal(SIGTERM);
  EXPECT_EQ(range->end().status, 0);
  Running send(town.call({"send", "drill.plan"}));
  ASSERT_TRUE(send.wait_for("mastodon-drill"));
  send.signal(SIGINT);
  const auto left = send.end();
  EXPECT_EQ(left.status, 130) << left.err;
  EXPECT_EQ(left.err, "Left. Sending of TL1 STOPS until “broadcaster serve” or “broadcaster send” runs again.\n");
}

TEST_F(Sending, HaltStopsWhatNobodySendsNow) {
  approved();
  range->signal(SIGTERM);
  range->end();
  Running send(town.call({"send", "drill.plan"}));
  ASSERT_TRUE(send.wait_for("mastodon-drill"));
  send.signal(SIGINT);
  ASSERT_EQ(send.end().status, 130);
  const auto halted = town.run({"halt", "TL1", "--mode", "drill", "--reason", "wrong zone"});
  EXPECT_EQ(halted.status, 0) << halted.err;
  EXPECT_EQ(status().at("life").as_string(), "stopped");
  EXPECT_EQ(town.run({"halt", "TL9", "--mode", "drill"}).status, 1);
}

TEST_F(Sending, ServeOwnsTheStateAndTheOthersAskIt) {
  approved();
  Running serve(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(serve.wait_for("\n"));
  EXPECT_EQ(json::parse(serve.out()).as_object().at("mode").as_string(), "drill");
  const auto second = town.run({"serve", "--mode", "drill"});
  EXPECT_EQ(second.status, 5);
  EXPECT_NE(second.err.find("belongs to a running process (pid "), std::string::npos) << second.err;
  EXPECT_EQ(town.run({"status", "--mode", "live"}).status, 4) << "the owner has another mode";
  const auto sent = town.run({"send", "drill.plan", "--no-wait", "--json"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(json::parse(sent.out).as_object().at("how").as_string(), "released");
  EXPECT_EQ(town.run({"send", "drill.plan"}).status, 0);
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.end().status, 0);
}

TEST_F(Sending, NoWaitWithoutAServeReleasesNothing) {
  approved();
  EXPECT_EQ(town.run({"send", "drill.plan", "--no-wait"}).status, 5);
  EXPECT_EQ(town.run({"status", "TL1", "--mode", "drill"}).status, 1);
}

TEST_F(Sending, ABareCancelNamesTheFourVerbs) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const auto ended = town.run({"cancel", "TL1", "--mode", "drill"});
  EXPECT_EQ(ended.status, 2);
  for (const auto* said : {"broadcaster halt TL1", "broadcaster update TL1", "cancel TL1 --false-alarm",
                           "broadcaster all-clear TL1", "41,233 people", "NO TSUNAMI"})
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
}

TEST_F(Sending, AFalseAlarmIsTakenBackInItsOwnWords) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const std::vector<std::string> cancel{"cancel", "TL1",   "--false-alarm",  "--mode",
                                        "drill",  "--key", town.key("ratna")};
  EXPECT_EQ(town.run(cancel, "yes\n").status, 4);
  EXPECT_EQ(town.run({"cancel", "TL1", "--false-alarm", "--mode", "drill", "--key", town.key("hendra")}, "no tsunami\n")
                .status,
            4)
      << "an approver is no canceller";
  const auto ended = town.run(cancel, "no tsunami\n");
  EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
  EXPECT_NE(ended.out.find("TL1 is taken back as TL"), std::string::npos) << ended.out;
  EXPECT_EQ(status().at("life").as_string(), "stopped");
}

TEST_F(Sending, ARefusedFalseAlarmChangesNothingAndTwoCancellersAreHeard) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  // A second alert for the same zones says that the hazard is in force.
  town.make_plan();
  town.approve("bayu");
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  std::vector<std::string> cancel{"cancel",          "TL1",       "--false-alarm", "--mode", "drill", "--key",
                                  town.key("ratna"), "--confirm", "no tsunami"};
  const auto alone = town.run(cancel);
  EXPECT_EQ(alone.status, 4);
  EXPECT_NE(alone.err.find("alert TL2 (tsunami) is open and touches the same zones"), std::string::npos) << alone.err;
  EXPECT_NE(alone.err.find("TL1 still stands, and nobody was told anything"), std::string::npos) << alone.err;
  EXPECT_EQ(status().at("life").as_string(), "running") << "the evacuation goes on";
  cancel.insert(cancel.end(), {"--key", town.key("ratna")});
  EXPECT_EQ(town.run(cancel).status, 4) << "one person is no two";
  EXPECT_EQ(status().at("life").as_string(), "running");
  cancel.back() = town.key("sari");
  const auto both = town.run(cancel);
  EXPECT_EQ(both.status, 0) << both.err << both.out;
  EXPECT_EQ(status().at("life").as_string(), "stopped");
}

TEST_F(Sending, AFalseAlarmThatIsSaidTwiceIsAnsweredWithTheOneThatWasSent) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const std::vector<std::string> cancel{"cancel",          "TL1",       "--false-alarm", "--mode", "drill", "--key",
                                        town.key("ratna"), "--confirm", "no tsunami"};
  const auto first = town.run(cancel);
  ASSERT_EQ(first.status, 0) << first.err;
  const auto again = town.run(cancel);
  EXPECT_EQ(again.status, 0) << again.err << again.out;
  const auto said = [](const Ended& ended) {
    const auto at = ended.out.find("TL1 is taken back as ");
    return at == std::string::npos ? std::string("-") : ended.out.substr(at, ended.out.find('\n', at) - at);
  };
  EXPECT_NE(said(first), "-");
  EXPECT_EQ(said(again), said(first));
}

TEST_F(Sending, AChangedRecordIsFound) {
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  town.write("state/record.head", "3 " + std::string(64, 'a') + "\n");
  const auto verified = town.run({"record", "verify", "--mode", "drill"});
  EXPECT_EQ(verified.status, 6) << verified.err;
  EXPECT_NE(verified.err.find("THE RECORD WAS CHANGED"), std::string::npos) << verified.err;
}

TEST_F(Sending, AStateThatCannotBeMadeIsExit5) {
  town.write("file", "");
  auto call = town.call({"status", "--mode", "drill"});
  call.arguments[call.arguments.size() - 1] = "file/state";
  EXPECT_EQ(run(call).status, 5);
}

}  // namespace
}  // namespace broadcaster::cli
