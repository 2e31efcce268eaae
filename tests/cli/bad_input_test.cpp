// What people get wrong in their files: a place, what was expected, what was found; and nothing is written.
#include <gtest/gtest.h>

#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

constexpr auto good = R"(status: Exercise
note: exercise
hazard: tsunami
languages: [id, en]
zones: [muara, pasir]
category: Geo
event: Tsunami
responseType: Evacuate
urgency: Immediate
severity: Extreme
certainty: Likely
onset: +20m
expires: +3h
)";

struct BadInput : testing::Test {
  /// Plans this alert; the error says `said`, and there is no plan.
  void refused(const std::string& alert, int status, const std::string& said) {
    town.write("a.yaml", alert);
    const auto ended = town.run({"plan", "a.yaml", "-o", "a.plan", "--key", town.key("sari")});
    EXPECT_EQ(ended.status, status) << ended.err << ended.out;
    EXPECT_NE(ended.err.find(said), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("<<"), std::string::npos) << ended.err;
    EXPECT_EQ(town.read("a.plan"), "");
  }
  static std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
  Town town;
};

TEST_F(BadInput, TheAlertThatTheOthersSpoilIsGood) {
  town.write("a.yaml", good);
  const auto ended = town.run({"plan", "a.yaml", "-o", "a.plan", "--key", town.key("sari")});
  EXPECT_EQ(ended.status, 0) << ended.err;
}

TEST_F(BadInput, MalformedYaml) {
  refused(changed(good, "zones: [muara, pasir]", "zones: [muara, pasir"), 1, "a.yaml:");
}

TEST_F(BadInput, TruncatedYaml) { refused(std::string(good).substr(0, 70) + "\"", 1, "a.yaml:"); }

TEST_F(BadInput, AWrongEnumeration) {
  refused(changed(good, "Immediate", "Urgent"), 1, "a.yaml:9:10: urgency: expected one of Immediate");
}

TEST_F(BadInput, ExpiresBeforeSent) {
  refused(changed(good, "+3h", "2020-01-01T00:00:00+07:00"), 1, "a.yaml:13:10: expires: ");
}

TEST_F(BadInput, AZoneThatDoesNotExist) { refused(changed(good, "pasir", "passir"), 1, "a.yaml:5:16: zones[1]: "); }

TEST_F(BadInput, NoArea) { refused(changed(good, "zones: [muara, pasir]\n", ""), 1, "a.yaml:1:1: zones: missing"); }

TEST_F(BadInput, AHazardWithoutWords) {
  refused(changed(good, "hazard: tsunami", "hazard: banjir"), 1, "a.yaml:3:9: hazard: ");
}

TEST_F(BadInput, ADrillMarkInALiveText) {
  refused(
      changed(changed(good, "Exercise", "Actual"), "event: Tsunami", "event: Tsunami\nheadline: \"LATIHAN: pergi\""), 1,
      "a.yaml:8:11: info[0].headline: ");
}

TEST_F(BadInput, ABadAudienceRowIsReportedAndLeftOutOnlyOnDemand) {
  town.write("config/endpoints.yaml",
             "endpoints:\n  - {name: sms-drill, channel: sms, mode: drill, audience: staff, limit: 1, "
             "url: \"http://127.0.0.1:9/\", username: d, password: \"env:P\", sender: D}\n");
  town.write("config/audiences/staff.csv", "number,language,zone\n+99955501001,id,muara\n0812-345,id,muara\n");
  refused(good, 1, "config/audiences/staff.csv:3");
  const auto ended = town.run({"plan", "a.yaml", "-o", "a.plan", "--key", town.key("sari"), "--skip-bad-rows"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(ended.err.starts_with("staff: 1 row has a mistake and is left out\nconfig/audiences/staff.csv:3: "))
      << ended.err;
}

TEST_F(BadInput, AnUnknownSlotInATemplate) {
  town.replace("templates/tsunami/en.yaml", "{agency_short} {issued}", "{agency_shrt} {issued}");
  refused(good, 1, "templates/tsunami/en.yaml:");
}

TEST_F(BadInput, AFileThatIsNotThere) {
  const auto ended = town.run({"plan", "nothing.yaml", "-o", "a.plan"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("nothing.yaml"), std::string::npos) << ended.err;
  EXPECT_EQ(town.run({"show", "nothing.plan"}).status, 1);
}

TEST_F(BadInput, ACutPlanFile) {
  town.make_plan();
  const auto text = town.read("drill.plan");
  town.write("drill.plan", text.substr(0, text.size() / 2));
  const auto ended = town.run({"send", "drill.plan"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("drill.plan"), std::string::npos) << ended.err;
}

TEST_F(BadInput, AFullDiskLeavesTheOldPlan) {
  town.make_plan();
  const auto before = town.read("drill.plan");
  auto call = town.call({"approve", "drill.plan", "--key", town.key("ratna"), "--yes"});
  call.file_limit = 4096;
  const auto ended = run(call);
  EXPECT_EQ(ended.status, 5) << ended.err;
  EXPECT_EQ(town.read("drill.plan"), before);
  EXPECT_EQ(town.run({"approve", "drill.plan", "--key", town.key("ratna"), "--yes"}).status, 0);
}

TEST_F(BadInput, ErrorsSpeakTheAgencysLanguage) {
  town.write("a.yaml", changed(good, "Immediate", "Urgent"));
  const auto ended = run({.arguments = {"plan", "a.yaml", "-o", "a.plan", "--config", "config", "--state", "state"},
                          .folder = town.folder().string()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.err.starts_with("a.yaml:9:10: urgency: seharusnya salah satu dari Immediate")) << ended.err;
}

}  // namespace
}  // namespace broadcaster::cli
