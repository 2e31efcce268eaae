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
  EXPECT_NE(ended.out.find("Which zones, by number or name, with commas (* is all) [*]: 1,pasir\n"), std::string::npos);
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
  ASSERT_EQ(town.run({"new", "tsunami", "--live", "-o", "a.yaml"}, "\n\n\n\n").status, 0);
  EXPECT_NE(town.read("a.yaml").find("status: Actual\n"), std::string::npos);
  EXPECT_EQ(town.read("a.yaml").find("onset"), std::string::npos) << "an arrival that nobody knows is not invented";
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
  EXPECT_EQ(ended.err, "there is no wording for “kebakaran”; there is: tsunami\n");
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
