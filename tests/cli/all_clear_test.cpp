// It is over: who says so, and zone by zone whether people may return.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <thread>

#include "tests/cli/sending.hpp"

namespace broadcaster::cli {
namespace {

namespace json = boost::json;

constexpr auto by_bmkg = "BMKG bulletin 4, 06.31 WIB";

struct Ending : Sending {
  Ending() {
    town.replace("config/alerts/tsunami-coast.yaml", "teluk, karang]", "teluk]");
    approved();
    EXPECT_EQ(town.run({"send", "drill.plan"}).status, 0);
  }
  /// Answers: confirmation, muara, pasir, teluk, until.
  Ended make(const std::string& answers, const std::string& id = "TL1", const std::string& name = "over") {
    return town.run({"all-clear", id, "--mode", "drill", "-o", name + ".yaml", "--key", town.key("sari")}, answers);
  }
  Ended send(const std::string& name = "over") {
    const auto approved = town.run({"approve", name + ".plan", "--key", town.key("ratna"), "--yes"});
    EXPECT_EQ(approved.status, 0) << approved.err;
    return town.run({"send", name + ".plan"});
  }
  Ended cancel(const std::string& id) {
    return town.run({"cancel", id, "--mode", "drill", "--false-alarm", "--key", town.key("ratna"), "--passphrase-file",
                     town.path("passphrase"), "--confirm", "NO TSUNAMI"});
  }
  Ended update(const std::string& answers, const std::string& id = "TL1") {
    const auto made = town.run({"update", id, "--mode", "drill", "-o", "u.yaml", "--key", town.key("sari")}, answers);
    EXPECT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(town.run({"approve", "u.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
    return town.run({"send", "u.plan"});
  }
  json::array posts() { return json::parse(get(port, "/seen.json")).as_object().at("seen").as_array(); }
};

std::string all_return(const std::string& confirmed = by_bmkg) {
  return confirmed + "\nmay return\nmay return\nmay return\n\n";
}

TEST_F(Ending, EndsTheAlertInItsOwnWordsAndSaysSoInBoth) {
  const auto made = make(by_bmkg + std::string("\nmay return\nMay Return\nnot yet\n\n"));
  ASSERT_EQ(made.status, 0) << made.err << made.out;
  const auto file = town.read("over.yaml");
  for (const auto* line :
       {"msgType: Update\n", "confirmation: \"BMKG bulletin 4, 06.31 WIB\"\n", "responseType: AllClear\n",
        "zones: [{zone: muara, return: may_return}, {zone: pasir, return: may_return}, {zone: teluk, return: "
        "not_yet}]"})
    EXPECT_NE(file.find(line), std::string::npos) << line << "\n" << file;
  const auto shown = town.run({"show", "over.plan"});
  for (const auto* line :
       {"ALL-CLEAR: it ends TL1-", "Confirmed: BMKG bulletin 4, 06.31 WIB", "MAY RETURN: ", "NOT YET: "})
    EXPECT_NE(shown.out.find(line), std::string::npos) << line << "\n" << shown.out;

  const auto sent = send();
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  EXPECT_NE(sent.out.find("Released as TL2.\n"), std::string::npos) << sent.out;
  const auto old = status();
  EXPECT_EQ(old.at("life").as_string(), "stopped");
  EXPECT_EQ(old.at("stop").as_object().at("how").as_string(), "all_clear");
  EXPECT_EQ(old.at("stop").as_object().at("code").as_string(), "TL2");
  EXPECT_EQ(status("TL2").at("confirmation").as_string(), by_bmkg);
  EXPECT_NE(town.run({"status", "TL1", "--mode", "drill"}).out.find("the all-clear TL2 went out"), std::string::npos);
  std::string said;
  for (const auto& post : posts()) said += std::string(post.as_object().at("text").as_string()) + "\n";
  for (const auto* words : {"TSUNAMI DANGER IS OVER", "NOT SAFE YET", "BAHAYA TSUNAMI SELESAI", "BELUM AMAN", by_bmkg})
    EXPECT_NE(said.find(words), std::string::npos) << words << "\n" << said;
  EXPECT_EQ(town.run({"record", "verify", "--mode", "drill"}).status, 0);
  ASSERT_EQ(town.run({"record", "export", "TL2", "-o", "evidence", "--mode", "drill"}).status, 0);
  EXPECT_NE(town.read("evidence/record.jsonl").find(by_bmkg), std::string::npos);
}

TEST_F(Ending, NothingIsAnsweredByAnEmptyLine) {
  // Three times in a script, then it ends; nothing is written.
  const auto nobody = make("\n\n\n");
  EXPECT_EQ(nobody.status, 1);
  EXPECT_NE(nobody.err.find("Without a confirmation there is no all-clear"), std::string::npos) << nobody.err;
  const auto no_zone = make(by_bmkg + std::string("\n\n\n\n"));
  EXPECT_EQ(no_zone.status, 1);
  EXPECT_NE(no_zone.err.find("Type “may return” or “not yet”"), std::string::npos) << no_zone.err;
  EXPECT_EQ(make(by_bmkg + std::string("\nyes\ny\nok\n")).status, 1);
  EXPECT_EQ(town.read("over.yaml"), "");
  // By hand, where no question is asked.
  ASSERT_EQ(make(all_return()).status, 0);
  town.replace("over.yaml", by_bmkg, " ");
  const auto planned = town.run({"plan", "over.yaml", "-o", "x.plan", "--key", town.key("sari")});
  EXPECT_EQ(planned.status, 1);
  EXPECT_NE(planned.err.find("An all-clear without a confirmation"), std::string::npos) << planned.err;
}

TEST_F(Ending, IsRefusedWithTheNameOfTheZoneThatItLeavesOut) {
  ASSERT_EQ(make(all_return()).status, 0);
  town.replace("over.yaml", ", {zone: teluk, return: may_return}", "");
  ASSERT_EQ(town.run({"plan", "over.yaml", "-o", "less.plan", "--key", town.key("sari")}).status, 0);
  const auto sent = send("less");
  EXPECT_EQ(sent.status, 4) << sent.out;
  EXPECT_NE(sent.err.find("zone teluk was told to leave and this all-clear says nothing to it"), std::string::npos)
      << sent.err;
  EXPECT_EQ(status().at("stop"), nullptr) << "the alert goes on";
  // What was refused has used up no code.
  const auto whole = send();
  EXPECT_NE(whole.out.find("Released as TL2.\n"), std::string::npos) << whole.out << whole.err;
}

TEST_F(Ending, ReachesEveryRevisionAndNamesThemAll) {
  ASSERT_EQ(update("\n*\n35\n\n").status, 0);
  const auto made = make(by_bmkg + std::string("\nmay return\nmay return\nmay return\nnot yet\n\n"), "TL1");
  ASSERT_EQ(made.status, 0) << made.err << made.out;
  const auto file = town.read("over.yaml");
  EXPECT_NE(file.find("TL1-"), std::string::npos) << file;
  EXPECT_NE(file.find("TL2-"), std::string::npos) << file;
  EXPECT_NE(file.find("{zone: karang, return: not_yet}"), std::string::npos) << file;
  EXPECT_EQ(send().status, 0);
  EXPECT_EQ(status("TL2").at("stop").as_object().at("how").as_string(), "all_clear");
}

TEST_F(Ending, OfAFalseAlarmOrOfWhatIsOverIsRefused) {
  ASSERT_EQ(make(all_return()).status, 0);
  ASSERT_EQ(make(all_return(), "TL1", "second").status, 0);
  ASSERT_EQ(send().status, 0);
  const auto again = make(all_return(), "TL1", "third");
  EXPECT_EQ(again.status, 4);
  EXPECT_NE(again.err.find("TL1 is over: the all-clear TL2"), std::string::npos) << again.err;
  EXPECT_EQ(send("second").status, 4) << "written before, sent after";
  const auto cancelled = cancel("TL1");
  EXPECT_EQ(cancelled.status, 4);
  EXPECT_NE(cancelled.err.find("was ended by the all-clear TL2"), std::string::npos) << cancelled.err;
  EXPECT_EQ(cancel("TL2").status, 4) << "an all-clear has no prepared text";

  town.make_plan();
  town.approve("ratna");
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  ASSERT_EQ(cancel("TL3").status, 0);
  const auto taken_back = make(all_return(), "TL3", "fourth");
  EXPECT_EQ(taken_back.status, 4);
  EXPECT_NE(taken_back.err.find("TL3 was taken back as a false alarm by TL4"), std::string::npos) << taken_back.err;
}

TEST_F(Ending, ZonesThatWaitGetAnother) {
  ASSERT_EQ(make(by_bmkg + std::string("\nmay return\nmay return\nnot yet\n\n")).status, 0);
  ASSERT_EQ(send().status, 0);
  const auto later = make(all_return("Officer Ratna at the bay, 09.00"), "TL1", "later");
  ASSERT_EQ(later.status, 0) << later.err << later.out;
  EXPECT_EQ(send("later").status, 0);
  EXPECT_EQ(status("TL2").at("stop").as_object().at("code").as_string(), "TL3");
  EXPECT_EQ(make(all_return(), "TL1", "more").status, 4) << "now everybody may return";
}

TEST_F(Ending, ASirenIsHeardBeyondItsZone) {
  // Nobody commands sirens here: what is in hearing is read from the configuration, and asked for by name.
  town.replace("config/sirens.yaml", "name: Masjid Al-Amin,", "name: Masjid Al-Amin, heard_in: [nowhere],");
  const auto wrong = town.run({"check"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(wrong.err.find("heard_in[0]"), std::string::npos) << wrong.err;
}

TEST_F(Ending, AHaltEndsNoDangerAndMayBeFollowedByOne) {
  ASSERT_EQ(town.run({"halt", "TL1", "--mode", "drill"}).status, 0);
  EXPECT_EQ(status().at("stop").as_object().at("how").as_string(), "halted");
  ASSERT_EQ(make(all_return()).status, 0);
  EXPECT_EQ(send().status, 0);
  EXPECT_EQ(status().at("stop").as_object().at("how").as_string(), "halted") << "stopped then, for that reason";
  EXPECT_EQ(make(all_return(), "TL1", "more").status, 4);
}

TEST_F(Ending, IsAReplyToThePostThatItFollows) {
  ASSERT_EQ(update("\n\n\n\n").status, 0);
  ASSERT_EQ(make(all_return()).status, 0);
  ASSERT_EQ(send().status, 0);
  const auto seen = posts();
  ASSERT_EQ(seen.size(), 6u) << "alert, update and all-clear in two languages";
  std::map<std::string, std::string> last;  // by language
  for (const auto& entry : seen) {
    const auto& post = entry.as_object();
    const std::string language(post.at("language").as_string());
    EXPECT_EQ(post.at("reply_to").as_string(), last[language]);
    last[language] = std::string(post.at("id").as_string());
  }
  const std::string second(seen[2].as_object().at("text").as_string());
  EXPECT_TRUE(second.starts_with("LATIHAN: PEMBARUAN. ") || second.starts_with("EXERCISE: UPDATE. ")) << second;
}

TEST_F(Ending, IsNotLostWhereThePostThatItFollowsIsGone) {
  ASSERT_EQ(make(all_return()).status, 0);
  ASSERT_EQ(
      post(port, "/faults", R"({"side": "mastodon", "kind": "status", "status": 404, "times": 2, "method": "POST"})"),
      204);
  const auto sent = send();
  EXPECT_EQ(sent.status, 0) << sent.err << sent.out;
  const auto seen = posts();
  ASSERT_EQ(seen.size(), 4u);
  for (const auto& entry : seen) EXPECT_EQ(entry.as_object().at("reply_to").as_string(), "");
}

struct LateEnding : Sending {};

// Lapsing is no all-clear: whoever ran at two is still up there at six.
TEST_F(LateEnding, GoesOutAfterTheAlertHasExpired) {
  town.replace("config/alerts/tsunami-coast.yaml", "onset: +20m", "onset: +2s");
  town.replace("config/alerts/tsunami-coast.yaml", "expires: +3h", "expires: +12s");
  approved();
  ASSERT_EQ(town.run({"send", "drill.plan"}).status, 0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (status().at("life").as_string() != "expired" && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  ASSERT_EQ(status().at("life").as_string(), "expired");
  const auto made = town.run({"all-clear", "TL1", "--mode", "drill", "-o", "over.yaml", "--key", town.key("sari")},
                             by_bmkg + std::string("\nmay return\nmay return\nmay return\nmay return\n\n"));
  ASSERT_EQ(made.status, 0) << made.err << made.out;
  ASSERT_EQ(town.run({"approve", "over.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
  EXPECT_EQ(town.run({"send", "over.plan"}).status, 0);
  EXPECT_EQ(status().at("stop").as_object().at("how").as_string(), "all_clear");
}

struct RealEnding : Sending {};

TEST_F(RealEnding, NeedsItsOwnQuorumAndItsOwnWords) {
  town.replace("config/people.yaml", "Actual: 2,", "Actual: 1, all_clear: 2,");
  town.sign_config();
  town.make_plan("live");
  town.approve("ratna", "live");
  ASSERT_EQ(town.run({"send", "live.plan", "--confirm", "LIVE tsunami 4"}).status, 0);
  const auto made = town.run({"all-clear", "TP1", "--mode", "live", "-o", "over.yaml", "--key", town.key("sari")},
                             by_bmkg + std::string("\nmay return\nmay return\nmay return\nmay return\n\n"));
  ASSERT_EQ(made.status, 0) << made.err << made.out;
  const auto approve = [&](const std::string& person) {
    return town.run({"approve", "over.plan", "--key", town.key(person)}, "LIVE all-clear tsunami 4\n");
  };
  ASSERT_EQ(approve("ratna").status, 0);
  const auto alone = town.run({"send", "over.plan", "--confirm", "LIVE ALL-CLEAR tsunami 4"});
  EXPECT_EQ(alone.status, 4);
  EXPECT_NE(alone.err.find("1 of 2"), std::string::npos) << alone.err;
  ASSERT_EQ(approve("hendra").status, 0);
  EXPECT_EQ(town.run({"send", "over.plan", "--confirm", "LIVE tsunami 4"}).status, 4) << "these words order to leave";
  const auto sent = town.run({"send", "over.plan", "--confirm", "LIVE ALL-CLEAR tsunami 4"});
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_NE(sent.out.find("Released as TP2.\n"), std::string::npos) << sent.out;
}

}  // namespace
}  // namespace broadcaster::cli
