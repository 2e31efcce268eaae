#include "broadcaster/drill/report.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace broadcaster::drill {
namespace {

Report report() {
  Report report;
  report.title = "A <drill> & more";
  report.agency = "BPBD";
  report.facts.seen = {{"phone", "+9991", "LATIHAN", "EXERCISE: go <now>", "en", ""}};
  report.verdicts = {{"first_siren", Verdict::Outcome::met, "≤ 100 ms", "84 ms"},
                     {"of_our_own", Verdict::Outcome::not_met, "≥ 2", "1"}};
  return report;
}

TEST(Report, WhatCameFromOutsideCannotBecomeMarkup) {
  const auto page = report_html(report());
  EXPECT_NE(page.find("go &lt;now&gt;"), std::string::npos);
  EXPECT_EQ(page.find("go <now>"), std::string::npos);
  EXPECT_EQ(page.find("<drill>"), std::string::npos);
}

TEST(Report, ThePageNeedsNothingFromAnywhere) {
  const auto page = report_html(report());
  for (const auto* outside : {"http://", "https://", "<script", "<link", "<img", "@import", "url("})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST(Report, SaysHowLongItTookFromABlankScreenToTheFirstSiren) {
  auto found = report();
  EXPECT_EQ(blank_to_first_siren_ms(found), std::nullopt);
  found.blank_to_approved_ms = 1500;
  found.facts.alert["endpoints"] = boost::json::parse(
      R"([{"channel":"mastodon","first_proven_ms":5},{"channel":"siren","first_proven_ms":80},{"channel":"siren"}])");
  EXPECT_EQ(blank_to_first_siren_ms(found), 1580);
  EXPECT_EQ(report_json(found).at("blank_to_first_siren_ms").as_int64(), 1580);
}

TEST(Report, ExplainsTheCopiesOfAKilledGateway) {
  auto found = report();
  const auto explained = [&] {
    for (const auto& line : report_lines(found))
      if (line.starts_with("One text came twice")) return true;
    return false;
  };
  EXPECT_FALSE(explained());
  found.facts.seen.push_back(found.facts.seen.front());
  EXPECT_TRUE(explained());
}

TEST(Report, OneExpectationThatFailedFailsTheDrill) {
  auto found = report();
  EXPECT_FALSE(good(found));
  found.verdicts.pop_back();
  EXPECT_TRUE(good(found));
}

TEST(Report, ARefusalThatDidNotComeFailsTheDrill) {
  auto found = report();
  found.verdicts.pop_back();
  found.refusals = {{{"drill.try_author", {}}, "done", 0, false}};
  EXPECT_FALSE(good(found));
}

TEST(Report, BeginsWithTheAuthorityThatTheAlertWentOutOn) {
  auto found = report();
  found.released_local = "2026-11-24 02.15.40 WIB";
  found.facts.alert["code"] = "TL1";
  found.facts.alert["authority"] = "quorum";
  found.facts.alert["signatures"] = boost::json::array{boost::json::object{{"person", "sari"}, {"role", "author"}},
                                                       boost::json::object{{"person", "bayu"}, {"role", "approver"}}};
  EXPECT_EQ(report_lines(found).front(),
            "TL1, released 2026-11-24 02.15.40 WIB by sari (author), bayu (approver); authority: quorum.");
  EXPECT_EQ(report_json(found).at("authority").as_string(), "quorum");
}

TEST(Report, BeginsWithBreakGlassWhereOnePersonReleasedAlone) {
  auto found = report();
  found.released_local = "2026-11-24 02.15.40 WIB";
  found.facts.alert["code"] = "TL1";
  found.facts.alert["authority"] = "break_glass";
  found.facts.alert["glass"] = boost::json::object{{"person", "bayu"}, {"reason", "nobody answers"}};
  EXPECT_EQ(report_lines(found).front(),
            "BREAK-GLASS: TL1, released 2026-11-24 02.15.40 WIB by bayu alone. Reason: nobody answers");
  EXPECT_EQ(report_json(found).at("authority").as_string(), "break_glass");
}

TEST(Report, BeginsWithPreparedWhereOnePersonFired) {
  auto found = report();
  found.released_local = "2026-11-24 02.15.40 WIB";
  found.facts.alert["code"] = "TL1";
  found.facts.alert["authority"] = "prepared";
  found.facts.alert["fired"] = boost::json::object{{"person", "bayu"}};
  found.facts.alert["signatures"] = boost::json::array{boost::json::object{{"person", "ratna"}, {"role", "approver"}}};
  EXPECT_EQ(report_lines(found).front(),
            "PREPARED: TL1, fired 2026-11-24 02.15.40 WIB by bayu alone; signed beforehand by ratna (approver).");
}

TEST(Report, WhatCouldNotBeCountedIsNeitherMetNorNot) {
  auto found = report();
  found.verdicts.front().outcome = Verdict::Outcome::not_counted;
  EXPECT_TRUE(report_json(found).at("expectations").as_array()[0].at("met").is_null());
}

TEST(Report, AProgramFindsWhatItNeeds) {
  const auto json = report_json(report());
  EXPECT_EQ(json.at("expectations").as_array().size(), 2u);
  EXPECT_TRUE(json.at("expectations").as_array()[0].at("met").as_bool());
  for (const auto* key : {"endpoints", "zones", "deliveries", "refusals", "seen", "connections_out", "passed"})
    EXPECT_TRUE(json.contains(key)) << key;
}

}  // namespace
}  // namespace broadcaster::drill
