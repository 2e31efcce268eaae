// What a live owner makes of files that nobody has signed: it goes on by the signed ones, and hands nothing to the
// others.
#include <sys/stat.h>

#include <set>

#include "tests/cli/signed_town.hpp"
#include "tests/support/pager_peers.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

struct Guarded : SignedSet {
  Ended take_back(const std::string& code = "TP1") const {
    return town.run(
        {"cancel", code, "--false-alarm", "--mode", "live", "--key", town.key("ratna"), "--confirm", "NO TSUNAMI"});
  }
  json::object live(const std::string& code = "TP1") const {
    return json::parse(town.run({"status", code, "--mode", "live", "--json"}).out)
        .as_object()
        .at("alerts")
        .as_array()
        .at(0)
        .as_object();
  }
  /// Everybody is called by push.
  void duty() const {
    town.write("config/service.yaml", "hooks: {listen: '127.0.0.1:0'}\n");
    town.write("config/duty.yaml",
               "shifts: [{order: [sari]}]\npeople:\n"
               "  - {person: sari, wake: [{way: push, to: sari}]}\n  - {person: bayu, wake: [{way: push, to: bayu}]}\n"
               "  - {person: ratna, wake: [{way: push, to: ratna}]}\n"
               "  - {person: hendra, wake: [{way: push, to: hendra}]}\n"
               "ways: [{name: push, kind: ntfy, mode: live, url: '" +
                   push.url() + "'}]\n");
  }
  std::set<std::string> called() const {
    std::set<std::string> out;
    for (const auto& request : push.got())
      out.emplace(json::parse(request.substr(request.find("\r\n\r\n") + 4)).at("topic").as_string());
    return out;
  }
  /// Only hendra approves, and one is enough.
  void hendra_alone_decides() const {
    town.replace("config/people.yaml", "name: Officer bayu, roles: [author, approver]",
                 "name: Officer bayu, roles: [author]");
    town.replace("config/people.yaml", "name: Officer ratna, roles: [approver, canceller]",
                 "name: Officer ratna, roles: [canceller]");
    town.replace("config/people.yaml", "Actual: 2", "Actual: 1");
  }
  Ended alone(const std::string& person) const {
    return town.run({"send", "live.plan", "--break-glass", "--key", town.key(person), "--confirm", "LIVE tsunami 4",
                     "--reason", "nobody answers at all", "--no-wait"});
  }
  HttpPeer push, evil;
};

TEST_F(Guarded, WhatIsOutAndItsFalseAlarmGoOnThoughAFileOfTheSetIsSpoilt) {
  town.sign_config();
  serve();
  approved_live();
  ASSERT_EQ(send_live().status, 0);
  const auto zones = town.read("config/zones.geojson");
  town.write("config/zones.geojson", "{");
  serve_again();
  EXPECT_EQ(live().at("life").as_string(), "running");
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("not signed: zones.geojson"), std::string::npos);
  const auto taken_back = take_back();
  EXPECT_EQ(taken_back.status, 0) << taken_back.err << taken_back.out;
  EXPECT_EQ(town.run({"config", "restore"}).status, 0) << "the process works with the signed files already";
  EXPECT_EQ(town.read("config/zones.geojson"), zones);
}

TEST_F(Guarded, AFalseAlarmNeedsNoOwnerAndNoReadableFileEither) {
  town.sign_config();
  approved_live();
  ASSERT_EQ(send_live().status, 0);
  town.write("config/zones.geojson", "{");
  town.write("config/people.yaml", "nobody");
  const auto taken_back = take_back();
  EXPECT_EQ(taken_back.status, 0) << taken_back.err << taken_back.out;
}

TEST_F(Guarded, NothingIsHandedToADestinationThatNobodySigned) {
  town.sign_config();
  serve();
  approved_live();
  ASSERT_EQ(send_live().status, 0);
  town.replace("config/endpoints.yaml", "mode: live, url: \"http://127.0.0.1:" + std::to_string(port),
               "mode: live, url: \"" + evil.url());
  serve_again();
  const auto taken_back = take_back();
  EXPECT_EQ(taken_back.status, 0) << "over the signed destination: " << taken_back.err << taken_back.out;
  EXPECT_TRUE(evil.got().empty());
  EXPECT_EQ(town.run({"send", "live.plan", "--confirm", "LIVE tsunami 4"}).status, 0) << "joined";
}

TEST_F(Guarded, ThePageAboutItLeavesOverTheSignedGateway) {
  HttpPeer gateway(202);
  secrets["SMS"] = "live-password";
  const auto endpoints = town.read("config/endpoints.yaml");
  town.write("config/endpoints.yaml",
             endpoints +
                 "  - {name: sms-live, channel: sms, mode: live, readers: staff, audience: staff, limit: 1, rate: 10, "
                 "username: u, password: 'env:SMS', sender: BPBD, url: '" +
                 gateway.url() + "'}\n");
  town.write("config/duty.yaml",
             "shifts: [{order: [sari]}]\npeople:\n  - {person: sari, wake: [{way: sms, to: '+628111111'}]}\n"
             "ways:\n  - {name: sms, kind: sms, mode: live, endpoint: sms-live}\n");
  town.sign_config();
  town.replace("config/endpoints.yaml", gateway.url(), evil.url());
  serve();
  ASSERT_TRUE(gateway.wait_for(1));
  EXPECT_NE(gateway.got().front().find("live-password"), std::string::npos);
  EXPECT_TRUE(evil.got().empty());
  town.write("config/duty.yaml",
             "shifts: [{order: [sari]}]\npeople:\n  - {person: sari, wake: [{way: push, to: sari}]}\n"
             "ways:\n  - {name: push, kind: ntfy, mode: live, url: '" +
                 evil.url() + "', token: 'env:SMS'}\n");
  serve_again();
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("duty.yaml does not go with the signed files"),
            std::string::npos);
  EXPECT_TRUE(evil.got().empty());
}

TEST_F(Guarded, WhoeverIsNewInPeopleYamlMayBeOnDutyBeforeItIsSigned) {
  duty();
  town.sign_config();
  town.replace("config/people.yaml", "people:\n", "people:\n  - {id: wati, name: Wati, roles: [author], keys: []}\n");
  town.replace("config/duty.yaml", "people:\n", "people:\n  - {person: wati, wake: [{way: push, to: wati}]}\n");
  town.replace("config/duty.yaml", "order: [sari]", "order: [wati]");
  serve();
  ASSERT_TRUE(push.wait_for(1));
  EXPECT_EQ(called(), std::set<std::string>{"wati"});
}

TEST_F(Guarded, ApproversArePagedByTheSignedPeople) {
  duty();
  town.make_plan("live");
  town.sign_config();
  serve();
  hendra_alone_decides();
  ASSERT_EQ(town.run({"page", "approvers", "live.plan"}).status, 0);
  ASSERT_TRUE(push.wait_for(3));
  const auto all = called();
  for (const auto* person : {"bayu", "ratna", "hendra"}) EXPECT_TRUE(all.contains(person)) << person;
}

TEST_F(Guarded, APageThatLeftSomebodyOutOpensNoGlass) {
  duty();
  town.replace("config/policy.yaml", "break_glass: {after: 60s, zones: 4}", "break_glass: {after: 0s, zones: 4}");
  town.make_plan("live");
  const auto people = town.read("config/people.yaml");
  hendra_alone_decides();  // before the first set: nobody is there yet to say who decides
  serve();
  ASSERT_EQ(town.run({"page", "approvers", "live.plan"}).status, 0);
  ASSERT_TRUE(push.wait_for(1));
  town.write("config/people.yaml", people);
  town.sign_config();
  const auto refused = alone("hendra");
  EXPECT_EQ(refused.status, 4);
  EXPECT_NE(refused.err.find("broadcaster page approvers"), std::string::npos) << refused.err;
  ASSERT_EQ(town.run({"page", "approvers", "live.plan"}).status, 0);
  ASSERT_TRUE(push.wait_for(3));
  EXPECT_TRUE(called().contains("bayu"));
  EXPECT_TRUE(called().contains("ratna"));
  const auto released = alone("hendra");
  EXPECT_EQ(released.status, 0) << released.err;
}

TEST_F(Guarded, OnlyASignedPolicyLetsOneCancellerAlone) {
  duty();
  const auto policy = town.read("config/policy.yaml");
  std::filesystem::remove(town.path("config/policy.yaml"));
  for (int n = 0; n < 2; ++n) {  // each says of the other that the hazard is in force
    approved_live();
    if (n == 0) town.sign_config();
    ASSERT_EQ(send_live().status, 0);
  }
  town.write("config/policy.yaml", policy);
  town.replace("config/policy.yaml", "break_glass: {after: 60s, zones: 4}}", "break_glass: {after: 0s, zones: 4}}");
  serve();
  EXPECT_EQ(take_back().status, 4) << "a second canceller is called";
  const auto by_one =
      town.run({"cancel", "TP1", "--false-alarm", "--mode", "live", "--key", town.key("ratna"), "--break-glass",
                "--reason", "the gauge was hit by a boat", "--confirm", "LIVE no tsunami 4"});
  EXPECT_EQ(by_one.status, 4);
  EXPECT_NE(by_one.err.find("does not allow it"), std::string::npos) << by_one.err;
}

TEST_F(Guarded, APipeInPlaceOfAFileHangsNothing) {
  town.sign_config();
  serve();
  std::filesystem::remove(town.path("config/shelters.geojson"));
  ASSERT_EQ(::mkfifo(town.path("config/shelters.geojson").c_str(), 0600), 0);
  const auto status = town.run({"status", "--mode", "live"});
  EXPECT_EQ(status.status, 0);
  EXPECT_NE(status.out.find("is no file but a pipe"), std::string::npos) << status.out;
  serve_again(SIGTERM);
  server->signal(SIGTERM);
  EXPECT_EQ(server->end().status, 0);
}

TEST_F(Guarded, ASetAfterWhichNobodyCouldApproveIsNotSigned) {
  town.sign_config();
  auto people = town.read("config/people.yaml");
  for (const auto* person : {"id: bayu", "id: ratna"}) {
    const auto end = people.find("\"}", people.find(person));
    people.insert(end + 1, ", revoked: true");
  }
  town.write("config/people.yaml", people);
  const auto refused = sign("hendra", 2);
  EXPECT_EQ(refused.status, 4);
  EXPECT_NE(refused.err.find("a key that counts now"), std::string::npos) << refused.err;
  EXPECT_NE(town.run({"check"}).out.find("a key that counts now"), std::string::npos);
}

TEST_F(Guarded, TwoWhoSignTheRulesFromOneLoginAreMarked) {
  for (const auto* person : {"bayu", "ratna"}) {
    auto call = town.call({"config", "sign", "--key", town.key(person), "--confirm", "SIGN 1"});
    call.environment["XDG_SESSION_ID"] = "7";
    ASSERT_EQ(cli::run(call).status, 0);
  }
  const auto marked = "bayu, ratna signed from one login session (";
  EXPECT_NE(town.run({"config", "status"}).out.find(marked), std::string::npos);
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find(marked), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::cli
