// Keys and signatures, as people give and are refused them.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

struct Approval : testing::Test {
  Ended approve(const std::string& person, const std::string& mode = "drill", const std::string& input = "yes\n") {
    return town.run({"approve", mode + ".plan", "--key", town.key(person)}, input);
  }
  void refused(const Ended& ended, const std::string& said, const std::string& before) {
    EXPECT_EQ(ended.status, 4) << ended.err;
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
    EXPECT_EQ(town.read("drill.plan"), before) << "a refusal leaves the plan as it was";
  }
  Town town;
};

TEST_F(Approval, ShowsThePlanItsDigestAndWhereItGoes) {
  town.make_plan();
  const auto ended = approve("ratna");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("SHA-256 of the plan: "), std::string::npos);
  EXPECT_NE(ended.out.find("http://127.0.0.1:9/mastodon"), std::string::npos);
  EXPECT_NE(ended.out.find("Signed by ratna: 1 of 1 approval\n"), std::string::npos) << ended.out;
}

TEST_F(Approval, TheAuthorCannotApprove) {
  town.make_plan();
  refused(approve("sari"), "sari wrote this plan and cannot approve it", town.read("drill.plan"));
}

TEST_F(Approval, AnUnknownKeyDoesNotCount) {
  town.make_plan();
  ASSERT_EQ(town.run({"keys", "new", "hendra", "--out", "other.key", "--no-passphrase"}).status, 0);
  const auto before = town.read("drill.plan");
  const auto ended = town.run({"approve", "drill.plan", "--key", "other.key", "--yes"});
  refused(ended, "hendra", before);
}

TEST_F(Approval, OnePersonCountsOnce) {
  town.make_plan();
  ASSERT_EQ(approve("ratna").status, 0);
  refused(approve("ratna"), "ratna has approved this plan already", town.read("drill.plan"));
}

TEST_F(Approval, WithoutTheRoleNobodyApproves) {
  town.replace("config/people.yaml", "name: Officer hendra, roles: [approver]",
               "name: Officer hendra, roles: [author]");
  town.make_plan();
  refused(approve("hendra"), "hendra", town.read("drill.plan"));
}

TEST_F(Approval, AChangedPlanTakesNoFurtherSignature) {
  town.make_plan();
  town.replace("drill.plan", "\"hazard\":\"tsunami\"", "\"hazard\":\"tsunamj\"");
  refused(approve("ratna"), "changed after", town.read("drill.plan"));
}

TEST_F(Approval, ASignatureThatDoesNotCountIsNamedAndStandsInNobodysWay) {
  town.make_plan("live");
  town.approve("ratna", "live");
  const auto at = boost::json::parse(town.read("live.plan")).at_pointer("/signatures/1/at").as_string();
  town.replace("live.plan", std::string(at), "2026-01-01T00:00:00.000Z");
  const auto other = approve("hendra", "live", "LIVE tsunami 4\n");
  ASSERT_EQ(other.status, 0) << other.err;
  EXPECT_NE(other.err.find("the signature of Officer ratna does not fit"), std::string::npos) << other.err;
  EXPECT_NE(other.out.find("Signed by hendra: 1 of 2 approvals\n"), std::string::npos) << other.out;
  const auto again = approve("ratna", "live", "LIVE tsunami 4\n");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_NE(again.out.find("Signed by ratna: 2 of 2 approvals\n"), std::string::npos) << again.out;
}

TEST_F(Approval, APlanOfAnOlderFormatIsMadeAgain) {
  town.make_plan();
  town.replace("drill.plan", "{\"format\":2", "{\"format\":1");
  refused(approve("ratna"), "Make the plan again", town.read("drill.plan"));
}

TEST_F(Approval, ALivePlanWithAWarningIsSignedByTheNameOfTheWarning) {
  town.replace("config/alerts/tsunami-coast-live.yaml", "zones: [muara, pasir, teluk, karang]",
               "zones: [muara, pasir, teluk]");
  town.make_plan("live");
  const auto before = town.read("live.plan");
  for (const auto* typed : {"yes\n", "\n", "ucs2\n"}) {
    const auto ended = approve("ratna", "live", std::string("LIVE tsunami 3\n") + typed);
    EXPECT_EQ(ended.status, 4) << typed << ended.err;
    EXPECT_EQ(town.read("live.plan"), before);
  }
  const auto ended = approve("ratna", "live", "LIVE tsunami 3\nnot_alerted\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("[not_alerted] "), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("type their names: not_alerted"), std::string::npos) << ended.out;
}

TEST_F(Approval, AWrongPassphraseIsRefused) {
  town.make_plan();
  const auto before = town.read("drill.plan");
  town.write("passphrase", "something else\n");
  refused(approve("ratna"), "assphrase", before);
}

TEST_F(Approval, AnythingButYesIsNo) {
  town.make_plan();
  refused(approve("ratna", "drill", "y\n"), "Not confirmed; nothing was signed", town.read("drill.plan"));
}

TEST_F(Approval, ALivePlanNeedsItsWordsTypedEachTime) {
  town.make_plan("live");
  EXPECT_EQ(approve("ratna", "live", "yes\n").status, 4);
  EXPECT_EQ(approve("ratna", "live", "DRILL tsunami 4\n").status, 4);
  EXPECT_EQ(town.run({"approve", "live.plan", "--key", town.key("ratna"), "--yes"}).status, 2);
  const auto ended = approve("ratna", "live", "live tsunami 4\n");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("Signed by ratna: 1 of 2 approvals\n"), std::string::npos) << ended.out;
}

TEST_F(Approval, WhoSaysDrillIsNeverHandedALivePlan) {
  town.make_plan("live");
  const auto before = town.read("live.plan");
  const std::string said = "live.plan is live, and --mode (or BROADCASTER_MODE) says a drill";
  for (const char* command : {"approve", "send"}) {
    const auto ended = town.run({"--mode", "drill", command, "live.plan"}, "live tsunami 4\n");
    EXPECT_EQ(ended.status, 4) << ended.err;
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
  }
  EXPECT_EQ(town.read("live.plan"), before);
  auto call = town.call({"plan", "config/alerts/tsunami-coast-live.yaml", "-o", "other.plan"});
  call.environment["BROADCASTER_MODE"] = "drill";
  EXPECT_EQ(run(call).status, 4);
  EXPECT_EQ(town.read("other.plan"), "");
}

TEST_F(Approval, WithoutATerminalAndAFileThePassphraseIsAskedNowhere) {
  town.make_plan();
  auto call = town.call({"approve", "drill.plan", "--key", town.key("ratna"), "--yes"});
  call.environment.erase("BROADCASTER_PASSPHRASE_FILE");
  const auto ended = run(call);
  EXPECT_EQ(ended.status, 2) << ended.err;
  EXPECT_NE(ended.err.find("--passphrase-file"), std::string::npos) << ended.err;
}

TEST_F(Approval, APlanThatNobodySignsIsMadeAndCannotBeApproved) {
  const auto made = town.run({"plan", "config/alerts/tsunami-coast.yaml", "-o", "drill.plan"});
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.out.find("cannot be released"), std::string::npos);
  refused(approve("ratna"), "author", town.read("drill.plan"));
}

TEST_F(Approval, AnAuthorWithoutTheRoleIsToldWhenPlanning) {
  const auto made =
      town.run({"plan", "config/alerts/tsunami-coast.yaml", "-o", "drill.plan", "--key", town.key("ratna")});
  EXPECT_EQ(made.status, 4) << made.err;
  EXPECT_EQ(town.read("drill.plan"), "");
}

TEST(Approve, WithoutANameTakesThePlanThatWaits) {
  const Town town;
  const auto none = town.run({"approve", "--key", town.key("ratna"), "--yes"});
  EXPECT_EQ(none.status, 2);
  EXPECT_EQ(none.err, "No plan in this folder waits for an approval; name the file\n");
  town.make_plan();
  town.write("no.plan", "this is no plan");
  const auto one = town.run({"approve", "--key", town.key("ratna"), "--yes"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_NE(one.err.find("The plan that waits here: drill.plan\n"), std::string::npos) << one.err;
  // Its quorum is complete: it waits no more.
  EXPECT_EQ(town.run({"approve", "--key", town.key("hendra"), "--yes"}).status, 2);
}

TEST(Approve, NeverGuessesBetweenPlansThatWait) {
  const Town town;
  town.make_plan();
  town.make_plan("live");
  const auto both = town.run({"approve", "--key", town.key("ratna"), "--yes"});
  EXPECT_EQ(both.status, 2);
  EXPECT_EQ(both.err, "Several plans in this folder wait for an approval (drill.plan, live.plan); name one\n");
}

TEST(Keys, TheLineForPeopleYamlIsThePublicKey) {
  const Town town;
  const auto made = town.run({"keys", "new", "dewi"});
  ASSERT_EQ(made.status, 0) << made.err;
  const auto shown = boost::json::parse(town.run({"keys", "show", "dewi.key", "--json"}).out).as_object();
  EXPECT_NE(made.out.find("      - public: \"" + std::string(shown.at("public").as_string()) + "\"\n"),
            std::string::npos);
  EXPECT_EQ(shown.at("protection").as_string(), "passphrase");
  EXPECT_EQ(town.run({"keys", "new", "dewi"}).status, 4) << "a key is never overwritten";
  EXPECT_EQ(town.run({"keys", "new", "Dewi Lestari"}).status, 1);
  town.write("passphrase", "short\n");
  EXPECT_EQ(town.run({"keys", "new", "eka"}).status, 1);
  EXPECT_EQ(town.read("eka.key"), "");
}

}  // namespace
}  // namespace broadcaster::cli
