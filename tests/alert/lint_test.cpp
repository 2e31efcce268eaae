#include "broadcaster/alert/lint.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/mark.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;
using testing::now;
using testing::order;
using namespace std::chrono_literals;

/// "error no_area zones" of every finding.
Lines found(const Alert& alert) {
  Lines out;
  for (const auto& f : lint_alert(alert, testing::town(), now))
    out.push_back((f.severity == LintSeverity::error ? "error " : "warning ") + f.rule + " " + f.element);
  return out;
}

Alert good() { return testing::parse(order()).value(); }
Alert live() {
  auto alert = good();
  alert.status = Status::actual;
  return alert;
}

Area circle(const std::string& description, double radius_km) {
  Area area;
  area.description = description;
  area.circles = {{{-12, 100}, radius_km}};
  return area;
}

TEST(Lint, AGoodAlertHasNoFaults) {
  EXPECT_EQ(found(good()), Lines{});
  EXPECT_EQ(found(live()), Lines{});
}

TEST(Lint, NoAreaIsAnError) {
  auto alert = good();
  alert.zones.clear();
  EXPECT_EQ(found(alert), (Lines{"error no_area zones", "warning not_alerted zones", "warning not_alerted zones"}));
  // A drawn area names nobody whom we know.
  alert.infos[0].areas = alert.infos[1].areas = {circle("pantai", 2)};
  EXPECT_EQ(found(alert)[0], "error no_area zones");
}

TEST(Lint, AZoneThatIsNotOnTheMapIsAnError) {
  auto alert = good();
  alert.zones.push_back({ZoneId("gone"), {}});
  EXPECT_EQ(found(alert), Lines{"error unknown_zone zones[2]"});
}

TEST(Lint, WithoutMeaningNothingGoesOut) {
  auto alert = good();
  alert.hazard.clear();
  alert.infos.clear();
  EXPECT_EQ(found(alert), (Lines{"error no_hazard hazard", "error no_info info"}));
}

TEST(Lint, AnAlertThatSaysNotWhatToDoIsAnError) {
  auto alert = good();
  for (auto& info : alert.infos) info.responses.clear();
  EXPECT_EQ(found(alert), (Lines{"error no_guidance info[0]", "error no_guidance info[1]"}));
  for (auto& info : alert.infos) info.responses = {ResponseType::none};
  EXPECT_EQ(found(alert), (Lines{"error no_guidance info[0]", "error no_guidance info[1]"}));
  alert.infos[0].instruction = "Pergi ke bukit";
  alert.infos[1].instruction = "Go to the hill";
  EXPECT_EQ(found(alert), Lines{});
}

TEST(Lint, ZonesThatTheHazardReachesAndNobodyNamed) {
  auto alert = good();
  alert.zones = {{ZoneId("muara"), {}}};
  EXPECT_EQ(reachable_but_not_alerted(alert, testing::town()), std::vector<ZoneId>{ZoneId("teluk")});
  EXPECT_EQ(found(alert), Lines{"warning not_alerted zones"});
  const auto findings = lint_alert(alert, testing::town(), now);
  EXPECT_EQ(base::Catalogue::of("en").say(findings[0].text),
            "Not alerted although the hazard can reach it: Teluk (800 people).");
  alert.hazard = "landslide";
  EXPECT_EQ(reachable_but_not_alerted(alert, testing::town()), std::vector<ZoneId>{ZoneId("bukit")});
  alert.hazard = "volcano";
  EXPECT_TRUE(reachable_but_not_alerted(alert, testing::town()).empty());
}

TEST(Lint, LatenessWarnsAndNeverRefuses) {
  auto alert = live();
  for (auto& info : alert.infos) info.onset = now - 5min;
  EXPECT_EQ(found(alert), (Lines{"warning onset_past info[0].onset", "warning onset_past info[1].onset"}));
  for (auto& info : alert.infos) info.onset = now + 4h;
  EXPECT_EQ(found(alert),
            (Lines{"warning expires_before_onset info[0].expires", "warning expires_before_onset info[1].expires"}));
}

TEST(Lint, UnknownIsAWarning) {
  auto alert = good();
  for (auto& info : alert.infos) info.urgency = Urgency::unknown;
  EXPECT_EQ(found(alert), (Lines{"warning unknown info[0].urgency", "warning unknown info[1].urgency"}));
}

TEST(Lint, LanguagesOfOneAlertSayTheSame) {
  auto alert = good();
  *alert.infos[1].expires += 1h;
  EXPECT_EQ(found(alert), Lines{"error languages_differ info[1]"});
  alert = good();
  alert.infos[1].language = Language("id");
  EXPECT_EQ(found(alert), Lines{"error language_twice info[1]"});
  alert = good();
  alert.infos[0].instruction = alert.infos[1].instruction = "Pergi";
  EXPECT_EQ(found(alert), Lines{"warning not_translated info[1]"});
  alert = good();
  // The description of an area is in the info's language; the place is not.
  alert.infos[0].areas = {circle("pantai", 2)};
  alert.infos[1].areas = {circle("coast", 2)};
  EXPECT_EQ(found(alert), Lines{});
  alert.infos[1].areas[0].circles[0].radius_km = 3;
  EXPECT_EQ(found(alert), Lines{"error languages_differ info[1]"});
}

TEST(Lint, AnExerciseSaysWhichOneItIs) {
  auto alert = good();
  alert.note.clear();
  EXPECT_EQ(found(alert), Lines{"warning exercise_note note"});
}

TEST(Lint, ADrillMarkInALiveTextIsAnError) {
  auto alert = live();
  alert.infos[0].headline = "LATIHAN: Tsunami";
  alert.slots = {{"place", "EXERCISE: Muara"}};
  EXPECT_EQ(found(alert), (Lines{"error drill_mark info[0].headline", "error drill_mark slots.place"}));
  alert.status = Status::exercise;
  EXPECT_EQ(found(alert), Lines{});
}

TEST(Lint, TheWordInAPlacesNameIsNoMark) {
  auto alert = live();
  alert.slots = {{"refuge", "Balai Latihan Kerja"}, {"school", "LATIHAN Karya"}};
  alert.infos[0].headline = "NYATA! Latihan dihentikan. TSUNAMI";
  EXPECT_EQ(found(alert), Lines{});
}

TEST(Lint, AForeignTestTokenInALiveTextIsAWarning) {
  auto alert = live();
  alert.infos[0].headline = "TEST--Peringatan Dini Tsunami";
  EXPECT_EQ(found(alert), Lines{"warning test_token info[0].headline"});
}

TEST(Mark, IsTheFirstTokenInItsFixedForm) {
  for (const auto* marked : {"LATIHAN: x", "EXERCISE: x", "\n LATIHAN:"}) EXPECT_TRUE(begins_with_drill_mark(marked));
  for (const auto* free : {"", "LATIHAN", "Latihan: x", "x LATIHAN: y", "LATIHANKU: x", "BALAI LATIHAN: x"})
    EXPECT_FALSE(begins_with_drill_mark(free)) << free;
  EXPECT_EQ(drill_word(Language("en-US")), "EXERCISE");
  EXPECT_EQ(drill_word(Language("id")), "LATIHAN");
  EXPECT_EQ(drill_word(Language("jv")), "LATIHAN");
  EXPECT_EQ(drill_word(Language("ar-EG")), "تمرين");
  EXPECT_TRUE(begins_with_drill_mark("تمرين: BPBD"));
  EXPECT_TRUE(begins_with_drill_mark("अभ्यास: BPBD"));
  EXPECT_FALSE(begins_with_drill_mark("تمرين BPBD"));
}

TEST(Mark, ForeignTokens) {
  EXPECT_EQ(foreign_test_token("TEST--Peringatan"), "TEST");
  EXPECT_EQ(foreign_test_token("pengiriman TEST--Peringatan"), "TEST");
  EXPECT_EQ(foreign_test_token("UJI COBA sirene"), "UJI COBA");
  EXPECT_EQ(foreign_test_token("TES di Muara"), "TES");
  // A shelter is called TES (tempat evakuasi sementara), and a word may hold the letters.
  for (const auto* free : {"Pergi ke TES Muara", "TESTIMONI", "PROTES--", "Test ride", ""})
    EXPECT_EQ(foreign_test_token(free), std::nullopt) << free;
}

}  // namespace
}  // namespace broadcaster::alert
