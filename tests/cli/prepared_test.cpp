// A prepared alert through the real program: prepared and signed by day, fired by one officer at night.
#include <boost/json.hpp>
#include <csignal>
#include <filesystem>

#include "broadcaster/base/time.hpp"
#include "tests/cli/preparing.hpp"
#include "tests/cli/terminal.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

TEST_F(Prepared, IsSignedByDayAndFiredByOneAtNight) {
  const auto made = prepare();
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.out.find("PREPARED ALERT. What is signed here, ONE PERSON can send ALONE."), 0u) << made.out;
  EXPECT_EQ(fire().status, 4) << "nobody but its author has signed it";
  EXPECT_NE(listed().find("coast.form: not ready, because "), std::string::npos) << listed();
  const auto approved = town.run({"approve", form, "--key", town.key("ratna"), "--yes"});
  ASSERT_EQ(approved.status, 0) << approved.err;
  EXPECT_NE(approved.out.find("Signed by ratna: 1 of 1 approvals"), std::string::npos) << approved.out;
  EXPECT_NE(listed().find("coast.form: ready until "), std::string::npos) << listed();

  const auto fired = fire();
  ASSERT_EQ(fired.status, 0) << fired.err << fired.out;
  EXPECT_NE(fired.out.find("Released as TL1.\n"), std::string::npos) << fired.out;
  const auto shown = status();
  EXPECT_EQ(shown.at("authority").as_string(), "prepared");
  EXPECT_EQ(shown.at("fired").at("person").as_string(), "hendra");
  EXPECT_EQ(shown.at("zones").as_array().size(), 2u);
  EXPECT_EQ(shown.at("not_alerted").as_array().size(), 2u) << "whom it could have alerted, and did not";
  EXPECT_NE(listed().find("PREPARED: fired by hendra alone"), std::string::npos) << listed();

  ASSERT_EQ(town.run({"record", "export", "TL1", "--mode", "drill", "-o", "out"}).status, 0);
  EXPECT_NE(town.read("out/form.json"), "");
  EXPECT_NE(town.read("out/firing.json").find("hendra"), std::string::npos);
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
  const auto back = town.run({"cancel", "TL1", "--mode", "drill", "--false-alarm", "--key", town.key("ratna"),
                              "--confirm", "TIDAK ADA TSUNAMI"});
  EXPECT_NE(back.out.find("TL"), std::string::npos) << back.err;
}

TEST_F(Prepared, TheSameFiringIsJoinedAndSurvivesAKill) {
  prepared();
  std::optional<Running> server(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  ASSERT_EQ(fire("muara,pasir", "25").status, 0);
  server->signal(SIGKILL);
  server->end();
  server.emplace(town.call({"serve", "--mode", "drill", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  EXPECT_EQ(status().at("authority").as_string(), "prepared") << "opened again from what is stored";
  EXPECT_EQ(json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("alerts").as_array().size(), 1u);
  const auto other = fire("teluk,karang", "25");
  EXPECT_NE(other.out.find("Released as TL2.\n"), std::string::npos) << "other zones are another alert" << other.err;
}

TEST_F(Prepared, ARepeatedCommandJoinsWhatIsInForce) {
  prepared();
  const auto now = base::SystemClock().now().wall;
  const auto soon = base::format_utc(now + std::chrono::minutes(47)).substr(11, 5);  // by a clock in UTC
  town.replace("config/agency.yaml", "time_zone: Asia/Jakarta", "time_zone: Etc/UTC");
  prepared();
  ASSERT_EQ(fire("muara,pasir", soon).status, 0);
  const auto again = fire("pasir, muara", soon);
  EXPECT_NE(again.out.find("TL1"), std::string::npos) << again.out << again.err;
  EXPECT_EQ(json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("alerts").as_array().size(), 1u);
}

TEST_F(Prepared, EveryChangeOfWhatItRestsOnVoidsItAndSaysSo) {
  prepared();
  const auto change = [&](const std::string& file, const std::string& reason) {
    const auto kept = town.read(file);
    town.write(file, kept + "\n# changed\n");
    EXPECT_NE(listed().find("coast.form: VOID since "), std::string::npos) << file << listed();
    EXPECT_NE(listed().find(reason), std::string::npos) << file << listed();
    const auto refused = fire();
    EXPECT_EQ(refused.status, 4);
    EXPECT_NE(refused.err.find(reason), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("Nothing was sent by this. To warn people now: broadcaster new"), std::string::npos)
        << "and not a dead end" << refused.err;
    town.write(file, kept);
  };
  change("templates/tsunami/en.yaml", "the words in templates/ have changed");
  change("config/policy.yaml", "policy.yaml has changed");
  change("config/sirens.yaml", "sirens.yaml has changed");
  change("config/agency.yaml", "agency.yaml has changed");
  const auto shelters = town.read("config/shelters.geojson");
  town.write("config/shelters.geojson", shelters + "\n");
  EXPECT_NE(listed().find("shelters.geojson has changed"), std::string::npos)
      << "one may stand in the alerted zones now";
  town.write("config/shelters.geojson", shelters);
  const auto endpoints = town.read("config/endpoints.yaml");
  town.replace("config/endpoints.yaml", "/mastodon\", token", "/elsewhere\", token");
  EXPECT_NE(listed().find("endpoint mastodon-drill leads elsewhere than was signed"), std::string::npos) << listed();
  town.write("config/endpoints.yaml", endpoints);
  town.replace("config/endpoints.yaml", "name: mastodon-drill,", "name: mastodon-drill, zones: [muara],");
  EXPECT_NE(listed().find("endpoint mastodon-drill has other zones"), std::string::npos) << listed();
  town.write("config/endpoints.yaml", endpoints +
                                          "  - {name: mastodon-new, channel: mastodon, mode: drill, "
                                          "url: \"http://127.0.0.1:9/other\", token: \"env:TOKEN\"}\n");
  EXPECT_NE(listed().find("endpoint mastodon-new is new"), std::string::npos) << listed();
  town.write("config/endpoints.yaml", endpoints);
  const auto people = town.read("config/people.yaml");
  town.replace("config/people.yaml", "id: ratna", "id: rina");
  EXPECT_NE(listed().find("coast.form: VOID since "), std::string::npos) << listed();
  EXPECT_EQ(fire().status, 4) << "who approved it is gone";
  EXPECT_NE(listed().find("ratna"), std::string::npos) << listed();
  town.write("config/people.yaml", people);
  EXPECT_NE(listed().find("coast.form: ready until "), std::string::npos) << listed();
}

TEST_F(Prepared, ALiveOneIsSignedInWordsOfItsOwnAndADrillProcessDoesNotTakeIt) {
  town.replace("config/prepared/coast.yaml", "status: Exercise", "status: Actual");
  ASSERT_EQ(prepare().status, 0);
  const auto sign = [&](const std::string& person, const std::string& words) {
    return town.run({"approve", form, "--key", town.key(person)}, words + "\n");
  };
  EXPECT_EQ(sign("ratna", "LIVE tsunami 4").status, 4) << "the words of an alert sign nothing for later";
  const auto asked = sign("ratna", "LIVE PREPARED tsunami 4");
  ASSERT_EQ(asked.status, 0) << asked.err << asked.out;
  EXPECT_NE(asked.out.find("1 of 2 approvals"), std::string::npos) << asked.out;
  EXPECT_EQ(town.run({"approve", form, "--key", town.key("bayu"), "--yes"}).status, 2);
  ASSERT_EQ(sign("bayu", "LIVE PREPARED tsunami 4").status, 0);
  EXPECT_NE(town.run({"status", "--mode", "live"}).out.find("coast.form: ready until "), std::string::npos);

  EXPECT_EQ(town.run({"fire", form, "--mode", "drill", "--zones", "muara", "--arrival", "25", "--key",
                      town.key("hendra"), "--confirm", "LIVE tsunami 1"})
                .status,
            4);
  const auto unsigned_rules = town.run({"fire", form, "--zones", "muara", "--arrival", "25", "--key",
                                        town.key("hendra"), "--confirm", "LIVE tsunami 1"});
  EXPECT_EQ(unsigned_rules.status, 4);
  EXPECT_NE(unsigned_rules.err.find("were never signed"), std::string::npos) << unsigned_rules.err;
  town.sign_config();
  for (const auto* words : {"DRILL tsunami 1", "LIVE tsunami 2", "yes"}) {
    const auto wrong = town.run(
        {"fire", form, "--zones", "muara", "--arrival", "25", "--key", town.key("hendra"), "--confirm", words});
    EXPECT_EQ(wrong.status, 4) << words;
    EXPECT_NE(wrong.err.find("LIVE tsunami 1"), std::string::npos) << wrong.err;
  }
}

/// A live one that enough people have signed.
struct LivePrepared : Prepared {
  void prepared_live() {
    const auto made = prepare();
    ASSERT_EQ(made.status, 0) << made.err;
    for (const auto* person : {"ratna", "bayu"}) {
      const auto approved = town.run({"approve", form, "--key", town.key(person)}, "LIVE PREPARED tsunami 4\n");
      ASSERT_EQ(approved.status, 0) << approved.err;
    }
  }
  Ended fire_live() const {
    return town.run({"fire", form, "--zones", "muara", "--arrival", "25", "--key", town.key("hendra"), "--confirm",
                     "LIVE tsunami 1"});
  }
  std::size_t released() const {
    return json::parse(town.run({"status", "--mode", "live", "--json"}).out).at("alerts").as_array().size();
  }
};

TEST_F(LivePrepared, IsNotFiredWhileARuleIsChangedAndUnsigned) {
  town.sign_config();
  town.write("config/policy.yaml", town.read("config/policy.yaml") + "\n# changed by one\n");
  town.replace("config/prepared/coast.yaml", "status: Exercise", "status: Actual");
  prepared_live();
  const auto refused = fire_live();
  EXPECT_EQ(refused.status, 4) << refused.out;
  EXPECT_NE(refused.err.find("not signed: policy.yaml"), std::string::npos) << refused.err;
  EXPECT_EQ(released(), 0u);
  town.sign_config();
  const auto fired = fire_live();
  EXPECT_EQ(fired.status, 0) << fired.err << fired.out;
  EXPECT_EQ(released(), 1u);
}

TEST_F(Prepared, ADrillIsFiredByTheFilesOfTodayWhateverIsSigned) {
  town.sign_config();
  std::filesystem::remove_all(town.folder() / "state");  // of the live mode
  town.write("config/policy.yaml", town.read("config/policy.yaml") + "\n# changed by one\n");
  prepared();
  const auto drill = fire();
  EXPECT_EQ(drill.status, 0) << drill.err;
}

TEST_F(LivePrepared, TheOwnerLooksAgainWhenTheWordsAreTyped) {
  town.sign_config();
  town.replace("config/prepared/coast.yaml", "status: Exercise", "status: Actual");
  prepared_live();
  std::optional<Running> server(town.call({"serve", "--mode", "live", "--json"}));
  ASSERT_TRUE(server->wait_for("\n"));
  Terminal officer(
      town.call({"fire", form, "--zones", "muara", "--arrival", "25", "--key", town.key("hendra"), "--no-wait"}));
  ASSERT_TRUE(officer.wait_for("The texts say that it arrives from 20")) << "before the words" << officer.screen();
  ASSERT_TRUE(officer.wait_for("LIVE tsunami 1")) << officer.screen();
  // Meanwhile; the form itself does not rest on this file.
  town.write("config/people.yaml", town.read("config/people.yaml") + "\n# changed by one\n");
  officer.type("LIVE tsunami 1");
  EXPECT_TRUE(officer.wait_for("not signed: people.yaml")) << officer.screen();
  EXPECT_EQ(officer.end(), 4);
  EXPECT_EQ(released(), 0u);
}

TEST_F(Prepared, BadInputIsSaid) {
  prepared();
  const auto said = [&](const Ended& ended, const std::string& words) {
    EXPECT_NE(ended.status, 0);
    EXPECT_NE(ended.err.find(words), std::string::npos) << ended.err;
  };
  said(fire("muara,hutan"), "“hutan” is none of the zones of this prepared alert");
  said(fire("muara,pasir", "5"), "this prepared alert is for an arrival 10 to 120 minutes after it is issued");
  said(fire("muara,pasir", "soon"), "“soon” is no time");
  said(fire("muara,pasir", "25", "ratna"), "ratna is not named in this prepared alert");
  said(town.run({"fire", form, "--zones", "muara", "--arrival", "25", "--key", town.key("hendra"), "--confirm",
                 "LIVE tsunami 1"}),
       "");
  said(town.run({"send", form}), "is a prepared alert: broadcaster fire ");
  said(town.run({"prepare", "config/alerts/tsunami-coast.yaml", "-o", "x.form"}), "has no block “prepared”");
  said(town.run({"plan", "config/prepared/coast.yaml", "-o", "x.plan"}),
       "is an alert to be prepared, not one for now: broadcaster prepare");
  said(town.run({"approve", form, "--key", town.key("sari"), "--yes"}), "");
  EXPECT_TRUE(json::parse(town.run({"status", "--mode", "drill", "--json"}).out).at("alerts").as_array().empty());
}

}  // namespace
}  // namespace broadcaster::cli
