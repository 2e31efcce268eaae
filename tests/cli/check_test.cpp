#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "broadcaster/base/time.hpp"
#include "tests/cli/town.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::cli {
namespace {

TEST(Check, TheExampleAgencyIsGoodInEveryMessage) {
  const auto ended = run({.arguments = {"check", "--lang", "en", "--config", places::source("config")}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_NE(ended.out.find("messages rendered, none blocked."), std::string::npos) << ended.out;
}

TEST(Check, SpeaksToProgramsToo) {
  const Town town;
  const auto ended = town.run({"check", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto said = boost::json::parse(ended.out).as_object();
  EXPECT_EQ(said.at("findings").as_array().size(), 0u);
  std::size_t of_tsunami = 0;
  for (const auto& row : said.at("endpoints").as_array())
    of_tsunami += row.at("hazard").as_string() == "tsunami" ? 1 : 0;
  EXPECT_EQ(of_tsunami, 2u) << "the live account and its drill twin";
  EXPECT_EQ(said.at("endpoints").as_array()[0].at("mode").as_string(), "live");
}

TEST(Check, ATextThatDoesNotFitIsFoundByDay) {
  const Town town;
  town.write("config/endpoints.yaml",
             "endpoints:\n  - {name: sms-drill, channel: sms, mode: drill, audience: staff, limit: 1, "
             "url: \"http://127.0.0.1:9/\", username: d, password: \"env:P\", sender: D}\n");
  town.replace("templates/tsunami/en.yaml", " GO NOW on foot to high ground or evacuation building.",
               " GO NOW on foot to high ground or evacuation building, and take everybody with you who cannot walk.");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 6) << ended.out << ended.err;
  EXPECT_NE(ended.err.find("tsunami · a drill · sms-drill · en · muara: "), std::string::npos) << ended.err;
}

TEST(Check, AWarningIsToldWithItsRuleAndPlaceAndIsNoFailure) {
  const Town town;
  town.replace("templates/flood/id.yaml", "Bantu lansia dan anak-anak.",
               "Status Siaga III. Bantu lansia dan anak-anak.");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("Note: flood · mastodon-live · id: [jargon] “Siaga”"), std::string::npos) << ended.out;
}

TEST(Check, AKeyThatExpiresSoonIsNamedByDayAndInStatusToo) {
  const Town town;
  const auto soon = base::format_cap_time(base::SystemClock().now().wall + std::chrono::hours(24 * 12 + 1));
  town.replace("config/people.yaml", "\"}]}\n  - {id: ratna", "\", expires: " + soon + "}]}\n  - {id: ratna");
  const auto line = " of Officer bayu expires on " + soon + ", in 12 days. Make a new one: broadcaster keys new";
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find(line), std::string::npos) << ended.out;
  EXPECT_NE(town.run({"status", "--mode", "drill"}).out.find(line), std::string::npos);
}

TEST(Check, WhatTheOptionalFilesSayWrongIsNamedInItsPlace) {
  const Town town;
  town.write("config/policy.yaml", "rules:\n  - {hazard: tsunami, channels: [telegraph]}\n");
  town.replace("config/shelters.geojson", "\"kind\": \"vertical\"", "\"kind\": \"tall\"");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("config/policy.yaml:2:"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("config/shelters.geojson"), std::string::npos) << ended.err;
}

TEST(Check, EveryWrongFileIsNamedInOneRun) {
  const Town town;
  town.replace("config/agency.yaml", "time_zone: Asia/Jakarta", "time_zone: Asia/Jakart");
  town.replace("templates/tsunami/id.yaml", "{agency_short} {issued}", "{agency_shrt} {issued}");
  town.replace("config/people.yaml", "Actual: 2", "Actual: 9");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  for (const auto* file : {"config/agency.yaml:", "templates/tsunami/id.yaml:", "config/people.yaml:"})
    EXPECT_NE(ended.err.find(file), std::string::npos) << ended.err;
}

TEST(Check, ABadAudienceRowIsNamedByItsRow) {
  const Town town;
  town.replace("config/endpoints.yaml", "endpoints:\n",
               "endpoints:\n  - {name: sms-drill, channel: sms, mode: drill, audience: staff, limit: 1, "
               "url: \"http://127.0.0.1:9/\", username: d, password: \"env:P\", sender: D}\n");
  town.write("config/audiences/staff.csv", "number,language,zone\n+99955501001,id,muara\n0812-345,id,muara\n");
  const auto ended = town.run({"check"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.err.find("config/audiences/staff.csv:3"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace broadcaster::cli
