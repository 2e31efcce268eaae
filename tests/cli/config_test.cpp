// People and rules guarded like alerts: signing, what it stops, and what it never stops. Over the real program.
#include <boost/json.hpp>
#include <csignal>

#include "tests/cli/signed_town.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

TEST_F(SignedSet, WhoeverNeverSignedIsToldByDayAndReleasesNothingLive) {
  const auto checked = town.run({"check"});
  EXPECT_EQ(checked.status, 0) << "the example is no mistake";
  EXPECT_NE(checked.out.find("LIVE ALERTS ARE REFUSED: this agency’s people and rules were never signed"),
            std::string::npos)
      << checked.out;
  approved_live();
  const auto planned = town.run({"plan", "config/alerts/tsunami-coast-live.yaml", "-o", "other.plan"});
  EXPECT_NE(planned.err.find("LIVE ALERTS ARE REFUSED"), std::string::npos) << "before anybody is woken to approve it";
  const auto sent = send_live();
  EXPECT_EQ(sent.status, 4);
  EXPECT_NE(sent.err.find("broadcaster config sign"), std::string::npos) << sent.err;
  EXPECT_EQ(town.run({"config", "status"}).status, 6);
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("LIVE ALERTS ARE REFUSED"), std::string::npos);
  town.sign_config();
  EXPECT_EQ(town.run({"config", "status"}).status, 0);
  EXPECT_EQ(send_live().status, 0);
  EXPECT_EQ(town.run({"check"}).out.find("LIVE ALERTS ARE REFUSED"), std::string::npos);
}

TEST_F(SignedSet, TheFirstOneIsShownWholeAndTakesTheQuorumOfItsOwn) {
  const auto first = sign("bayu", 1);
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_NE(first.out.find("Set 1, the first one. Nobody is there to vouch for it but those who sign it now"),
            std::string::npos);
  EXPECT_NE(first.out.find("NEW PERSON sari (Officer sari): author, canceller, 1 key"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("must approve: Actual 2"), std::string::npos);
  EXPECT_NE(first.out.find("Signed by bayu: 1 of 2. It is not in force yet."), std::string::npos);
  EXPECT_EQ(sign("bayu", 1).status, 4) << "one person counts once";
  EXPECT_EQ(sign("sari", 1).status, 4) << "she approves nothing";
  EXPECT_EQ(town.run({"config", "status"}).status, 6);
  const auto second = sign("ratna", 1);
  ASSERT_EQ(second.status, 0) << second.err;
  EXPECT_NE(second.out.find("Signed set 1 of "), std::string::npos);
  EXPECT_NE(second.out.find("by bayu, ratna: in force"), std::string::npos) << second.out;
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("by bayu, ratna: in force"), std::string::npos);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "live"}).status, 0);
}

TEST_F(SignedSet, OneManCannotLowerTheQuorum) {
  town.sign_config();
  town.replace("config/people.yaml", "Actual: 2", "Actual: 1");
  town.make_plan("live");
  town.approve("ratna", "live");
  const auto sent = send_live();
  EXPECT_EQ(sent.status, 4);
  EXPECT_NE(sent.err.find("not signed: people.yaml"), std::string::npos) << sent.err;
  const auto diff = town.run({"config", "diff"});
  EXPECT_EQ(diff.status, 6);
  EXPECT_NE(diff.out.find("FEWER MUST APPROVE: Actual 2 → 1"), std::string::npos) << diff.out;
  const auto alone = sign("bayu", 2);
  ASSERT_EQ(alone.status, 0) << alone.err;
  EXPECT_NE(alone.out.find("1 of 2"), std::string::npos);
  EXPECT_EQ(send_live().status, 4);
  EXPECT_EQ(town.run({"check"}).status, 6);
  ASSERT_EQ(sign("ratna", 2).status, 0);
  EXPECT_EQ(send_live().status, 0) << "now it is the agency’s rule";
}

TEST_F(SignedSet, AnOldSignedSetIsNotTakenBack) {
  town.sign_config();
  const auto old_set = town.read("config/signed.json"), old_policy = town.read("config/policy.yaml");
  town.replace("config/policy.yaml", "break_glass:", "# break_glass:");
  town.sign_config();
  ASSERT_EQ(standing().at("number").as_int64(), 2);
  town.write("config/policy.yaml", old_policy);
  town.write("config/signed.json", old_set);
  const auto status = town.run({"config", "status"});
  EXPECT_EQ(status.status, 6);
  EXPECT_NE(status.out.find("signed.json holds the older set 1; set 2 is in force"), std::string::npos) << status.out;
}

TEST_F(SignedSet, RestorePutsBackWhatWasSignedAndLosesNobodysWork) {
  town.sign_config();
  const auto policy = town.read("config/policy.yaml");
  town.write("config/policy.yaml", "rules: []\nbreak_glass: {after: 0s, zones: 99}\n");
  town.write("config/signed.json", "{}");
  EXPECT_EQ(town.run({"config", "status"}).status, 6);
  const auto restored = town.run({"config", "restore"});
  EXPECT_EQ(restored.status, 0) << restored.err;
  EXPECT_NE(restored.err.find("policy.yaml was not signed; it is kept as config/policy.yaml.unsigned-"),
            std::string::npos)
      << restored.err;
  EXPECT_EQ(town.read("config/policy.yaml"), policy);
  EXPECT_EQ(standing().at("state").as_string(), "in_force");
  approved_live();
  EXPECT_EQ(send_live().status, 0);
}

TEST_F(SignedSet, DrillsGoOn) {
  town.write("config/signed.json", "nobody signed this");
  approved();
  EXPECT_EQ(town.run({"send", "drill.plan"}).status, 0);
  EXPECT_TRUE(json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("signed_set").is_null());
}

TEST_F(SignedSet, AFalseAlarmGoesOutAndSoDoesAHaltWhateverStandsInPeopleYaml) {
  town.sign_config();
  serve();
  approved_live();
  ASSERT_EQ(send_live().status, 0);
  const auto people = town.read("config/people.yaml");
  town.replace("config/people.yaml", "roles: [approver]", "roles: [approver, canceller]");
  const auto made_himself_one = town.run(
      {"cancel", "TP1", "--false-alarm", "--mode", "live", "--key", town.key("hendra"), "--confirm", "NO TSUNAMI"});
  EXPECT_EQ(made_himself_one.status, 4) << "nobody makes himself a canceller";
  town.write("config/people.yaml", "this is no file of people");
  const auto taken_back = town.run(
      {"cancel", "TP1", "--false-alarm", "--mode", "live", "--key", town.key("ratna"), "--confirm", "NO TSUNAMI"});
  EXPECT_EQ(taken_back.status, 0) << taken_back.err << taken_back.out;
  EXPECT_EQ(town.run({"halt", "TP2", "--mode", "live"}).status, 0);
  EXPECT_EQ(town.run({"config", "restore"}).status, 0);
  EXPECT_EQ(town.read("config/people.yaml"), people);
}

TEST_F(SignedSet, WhatIsOutGoesOnAfterARestartAlthoughSomethingWasChanged) {
  town.sign_config();
  serve();
  approved_live();
  ASSERT_EQ(send_live().status, 0);
  server->signal(SIGKILL);
  server->end();
  town.replace("config/people.yaml", "Actual: 2", "Actual: 1");
  serve();
  const auto status = json::parse(town.run({"status", "TP1", "--mode", "live", "--json"}).out);
  EXPECT_EQ(status.at("alerts").as_array().at(0).at("life").as_string(), "running");
  EXPECT_EQ(send_live().status, 0) << "what was released is joined";
}

TEST_F(SignedSet, AProcessThatStartedBeforeAnybodySignedReleasesNothingLiveByOtherFilesThanWereSigned) {
  approved_live();
  serve();
  town.replace("config/endpoints.yaml", "mastodon-drill", "mastodon-other");
  ASSERT_EQ(sign("bayu", 1).status, 0);
  ASSERT_EQ(sign("ratna", 1).status, 4) << "the files are signed, that process has others";
  const auto sent = send_live();
  EXPECT_EQ(sent.status, 4);
  EXPECT_NE(sent.err.find("this process started with other files than were ever signed: endpoints.yaml"),
            std::string::npos)
      << sent.err;
  serve_again();
  EXPECT_EQ(send_live().status, 0);
}

TEST_F(SignedSet, ANewSetOfFilesThatARunningProcessKeepsAsksForARestart) {
  town.sign_config();
  serve();
  town.replace("config/zones.geojson", "\"people\"", " \"people\"");
  town.sign_config();
  EXPECT_EQ(standing().at("restart_for").as_array().at(0).as_string(), "zones.geojson");
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("zones.geojson: signed anew as set 2"), std::string::npos);
  approved_live();
  EXPECT_EQ(send_live().status, 0) << "what it works with was signed too";
}

TEST_F(SignedSet, WhatIsWrongIsRefusedInWordsThatHelp) {
  EXPECT_EQ(town.run({"config", "restore"}).status, 4) << "nothing was ever signed";
  EXPECT_EQ(town.run({"config", "sign"}).status, 2) << "no key";
  EXPECT_EQ(sign("bayu", 7).status, 4) << "other words";
  town.replace("config/people.yaml", "Actual: 2", "Actual: 9");
  EXPECT_EQ(sign("bayu", 1).status, 1) << "a file with a mistake is not signed";
  town.replace("config/people.yaml", "Actual: 9", "Actual: 2");
  ASSERT_EQ(sign("bayu", 1).status, 0);
  town.replace("config/policy.yaml", "break_glass:", "# break_glass:");
  const auto anew = sign("ratna", 1);
  EXPECT_NE(anew.out.find("1 of 2"), std::string::npos) << "other files than bayu has signed: " << anew.out;
  const auto nothing = (town.sign_config(), sign("ratna", 2));
  EXPECT_EQ(nothing.status, 0);
  EXPECT_NE(nothing.out.find("Nothing has changed: set 1 is signed and in force."), std::string::npos);
}

TEST_F(SignedSet, TwoApprovalsFromOneLoginAreMarkedAndNotRefused) {
  town.sign_config();
  town.make_plan("live");
  for (const auto* person : {"ratna", "hendra"}) {
    auto approve = town.call({"approve", "live.plan", "--key", town.key(person)}, "LIVE tsunami 4\n");
    approve.environment["XDG_SESSION_ID"] = "7";  // counts where the kernel knows no session, and else that one does
    ASSERT_EQ(cli::run(approve).status, 0);
  }
  const auto sent = send_live();
  EXPECT_EQ(sent.status, 0);
  EXPECT_NE(sent.err.find("signed from one login session ("), std::string::npos) << sent.err;
  EXPECT_NE(town.run({"status", "TP1", "--mode", "live"}).out.find("ratna, hendra signed from one login session ("),
            std::string::npos);
  ASSERT_EQ(town.run({"record", "export", "TP1", "--mode", "live", "-o", "out"}).status, 0);
  EXPECT_NE(town.read("out/report.html").find("signed from one login session ("), std::string::npos);
  EXPECT_NE(town.read("out/record.jsonl").find("\"same_login\""), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::cli
