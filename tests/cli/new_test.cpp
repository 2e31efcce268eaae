// `new`: from a blank screen to an alert file.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/town.hpp"

namespace broadcaster::cli {
namespace {

TEST(New, AsksFourThingsAndShowsWhatAPhoneWillShow) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "AWAS\n1,pasir\n20\n\n");
  ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
  EXPECT_NE(ended.out.find("1. Muara ward: 12,907 people · beside: Karang ward, Pasir ward"), std::string::npos)
      << ended.out;
  EXPECT_NE(ended.out.find("Which zones, by name or number, with commas (* is all): 1,pasir\n"), std::string::npos);
  EXPECT_NE(ended.out.find("╭─ post · en · "), std::string::npos);
  EXPECT_NE(ended.out.find("EXERCISE: "), std::string::npos);
  EXPECT_NE(ended.out.find("2 zones, 26,161 people\nNOT alerted, although the hazard can reach them: "),
            std::string::npos);
  const auto file = town.read("a.yaml");
  EXPECT_NE(file.find("status: Exercise\n"), std::string::npos) << file;
  EXPECT_NE(file.find("zones: [muara, pasir]\n"), std::string::npos) << file;
  EXPECT_EQ(town.run({"plan", "a.yaml", "-o", "a.plan", "--key", town.key("sari")}).status, 0);
}

TEST(New, IsLiveOnlyWhenAskedTo) {
  const Town town;
  ASSERT_EQ(town.run({"new", "tsunami", "--live", "-o", "a.yaml"}, "1\n*\n\n\n").status, 0);
  EXPECT_NE(town.read("a.yaml").find("status: Actual\n"), std::string::npos);
  EXPECT_EQ(town.read("a.yaml").find("onset"), std::string::npos) << "an arrival that nobody knows is not invented";
}

TEST(New, WithAKeyTheAlertIsPlannedAndSignedAtOnce) {
  const Town town;
  const auto made = town.run({"new", "tsunami", "-o", "night.yaml", "--key", town.key("sari")}, "1\n*\n20\n\n");
  ASSERT_EQ(made.status, 0) << made.err;
  const auto approved = town.run({"approve", "night.plan", "--key", town.key("ratna"), "--yes"});
  EXPECT_EQ(approved.status, 0) << approved.err;
  // Said again, no file of the first is touched.
  const auto first = town.read("night.plan");
  ASSERT_EQ(town.run({"new", "tsunami", "-o", "b.yaml", "--key", town.key("sari")}, "1\n*\n20\n\n").status, 0);
  EXPECT_EQ(town.read("night.plan"), first);
}

TEST(New, TheOfficersOwnKeyNeedsNoTyping) {
  const Town town;
  auto call = town.call({"new", "tsunami", "-o", "night.yaml"}, "1\n*\n20\n\n");
  call.environment["BROADCASTER_KEY"] = town.key("sari");
  const auto made = run(call);
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_NE(town.read("night.plan"), "");
}

TEST(New, AsksAgainAndSaysWhy) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "AWAS\nbukit tinggi\n*\nsoon\n20\n10\n3h\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.err,
            "There is no zone “bukit tinggi”: type a number from 1 to 4, a name, or *\n"
            "“soon” is no time: type minutes from now (20), a time (02:35), or “unknown”\n"
            "This is before the danger arrives\n");
}

TEST(New, NothingTypedIsNoZoneAndNoLevel) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "\nAWAS\n\n1\n\n\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.err,
            "There are words for AWAS, SIAGA alone: type one of them or its number\n"
            "At least one zone is needed\n");
  EXPECT_NE(town.read("a.yaml").find("zones: [muara]\n"), std::string::npos);
}

TEST(New, TheLevelGradesTheAlert) {
  const Town town;
  ASSERT_EQ(town.run({"new", "tsunami", "-o", "a.yaml"}, "siaga\n1\n\n\n").status, 0);
  EXPECT_NE(town.read("a.yaml").find("level: SIAGA\n"), std::string::npos) << town.read("a.yaml");
  EXPECT_NE(town.read("a.yaml").find("severity: Severe\n"), std::string::npos);
  ASSERT_EQ(town.run({"new", "tsunami", "-o", "b.yaml"}, "1\n1\n\n\n").status, 0);
  EXPECT_NE(town.read("b.yaml").find("level: AWAS\n"), std::string::npos);
  EXPECT_NE(town.read("b.yaml").find("severity: Extreme\n"), std::string::npos);
}

TEST(New, AHazardWithOneLevelAndNoArrivalAsksOnlyWhereAndUntilWhen) {
  const Town town;
  const auto ended = town.run({"new", "chemical-release", "-o", "a.yaml"}, "muara\n3h\n");
  ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
  const auto file = town.read("a.yaml");
  for (const auto* line : {"level: AWAS\n", "category: CBRNE\n", "responseType: Shelter\n", "zones: [muara]\n"})
    EXPECT_NE(file.find(line), std::string::npos) << line << file;
}

TEST(New, WordsThatOnlyALiveAlertMaySayAreNoDrill) {
  const Town town;
  const auto drill = town.run({"new", "exercise-turned-real", "-o", "a.yaml"}, "muara\n20\n3h\n");
  EXPECT_EQ(drill.status, 4) << drill.out;
  EXPECT_EQ(town.read("a.yaml"), "");
  EXPECT_EQ(town.run({"new", "exercise-turned-real", "--live", "-o", "a.yaml"}, "muara\n20\n3h\n").status, 0);
}

TEST(New, NoLevelThatTheWordsAreNotFor) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "WASPADA\nWASPADA\n3\n");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(town.read("a.yaml"), "");
}

TEST(New, NeverOverwritesAndOffersAnotherName) {
  const Town town;
  town.write("a.yaml", "somebody’s work\n");
  town.write("a-2.yaml", "somebody’s work too\n");
  const auto ended = town.run({"new", "tsunami", "-o", town.path("a.yaml")}, "\nAWAS\n1\n20\n\n");
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.err.find("a.yaml is there already, and stays as it is"), std::string::npos) << ended.err;
  EXPECT_EQ(town.read("a.yaml"), "somebody’s work\n");
  EXPECT_EQ(town.read("a-2.yaml"), "somebody’s work too\n");
  EXPECT_NE(town.read("a-3.yaml").find("zones: [muara]\n"), std::string::npos);
}

TEST(New, AScriptThatIsWrongThreeTimesEnds) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "AWAS\n9\n9\n9\n*\n20\n3h\n");
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(town.read("a.yaml"), "");
}

TEST(New, AnInputThatEndsWritesNothing) {
  const Town town;
  const auto ended = town.run({"new", "tsunami", "-o", "a.yaml"}, "AWAS\n1\n");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("The input ended at the question “When does it arrive"), std::string::npos) << ended.err;
  EXPECT_EQ(town.read("a.yaml"), "");
}

TEST(New, NamesTheHazardsThatHaveWords) {
  const Town town;
  const auto ended = town.run({"new", "kebakaran"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(
      ended.err,
      "there is no wording for “kebakaran”; there is: broken-siren, chemical-release, civil-danger, "
      "dam-failure, earthquake, exercise-notice, exercise-turned-real, extreme-wind, flash-flood, flood, landslide, "
      "nuclear, rumour, tsunami, tsunami-lowered, volcano, wildfire\n");
}

TEST(New, SpeaksIndonesian) {
  const Town town;
  auto call = town.call({"new", "tsunami", "-o", "a.yaml"}, "AWAS\n*\n20\n\n");
  *std::find(call.arguments.begin(), call.arguments.end(), "en") = "id";
  const auto ended = run(call);
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("Kapan bahaya tiba"), std::string::npos);
  EXPECT_NE(ended.out.find("4 zona, 41.233 orang\n"), std::string::npos) << ended.out;
}

}  // namespace
}  // namespace broadcaster::cli
