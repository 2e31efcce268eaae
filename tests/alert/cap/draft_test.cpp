// An alert of another agency as a draft of ours.
#include "broadcaster/alert/cap/draft.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "tests/alert/cap/documents.hpp"

namespace broadcaster::alert::cap {
namespace {

using alert::testing::Lines;
using alert::testing::now;
using testing::read_one;
using testing::whole;
using testing::whole_with;

const std::vector<std::string> hazards{"earthquake", "flash-flood", "flood", "tsunami"};

const Agency& agency() {
  static const Agency one = [] {
    Agency a;
    a.sender = "bpbd.example";
    a.languages = {Language("id"), Language("en")};
    a.default_language = Language("id");
    return a;
  }();
  return one;
}

Polygon box(double south, double west, double north, double east) {
  return {{south, west}, {south, east}, {north, east}, {north, west}, {south, west}};
}

const Zones& map() {
  static const Zones zones = [] {
    auto all = alert::testing::town().all();
    all[0].polygons = {box(-12.06, 100.04, -12.05, 100.05)};  // muara: in the circle
    all[1].polygons = {box(-12.1, 100.09, -12, 100.2)};       // teluk: a corner of the polygon
    all[2].polygons = {box(-14, 100, -13, 101)};              // bukit: far away
    all[2].geocodes = {{"adm4", "99.02"}};
    return Zones(std::move(all));
  }();
  return zones;
}

Draft draft(const Alert& alert) {
  auto made = draft_of(alert, {agency(), map(), hazards, now});
  EXPECT_TRUE(made);
  return made ? *made : Draft{};
}

Lines said(const Draft& draft) {
  Lines out;
  for (const auto& text : draft.said) {
    out.push_back(base::Catalogue::of("en").say(text));
    EXPECT_EQ(base::Catalogue::of("id").say(text).find("<<"), std::string::npos) << text.id;
  }
  return out;
}

TEST(Draft, SaysWhatTheBulletinSaysInOurZones) {
  const auto made = draft(read_one(whole).alert);
  EXPECT_EQ(said(made),
            (Lines{"from inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00",
                   "it updates an earlier bulletin and is drafted as a new alert; where this agency has alerted "
                   "already, follow up on that alert",
                   "no text in en: its messages come from this agency’s wording alone; add en to the languages",
                   "hazard taken as tsunami", "zone muara: lies in the area",
                   "zone teluk: the area touches a part of it; the whole zone would be alerted"}));
  const auto& a = made.alert;
  EXPECT_EQ(a.hazard, "tsunami");
  EXPECT_EQ(a.zones, (std::vector<ZoneOrder>{{ZoneId("muara"), {}}, {ZoneId("teluk"), {}}}));
  EXPECT_EQ(a.status, Status::actual) << "and nobody but people can release it";
  EXPECT_EQ(a.type, MessageType::alert);
  EXPECT_EQ(a.source, "buoy 3 (inatews.example,bmkg-2026-1124-01,2026-11-24T02:15:00-00:00)");
  EXPECT_EQ(a.identifier + a.sender, "") << "a release gives ours";
  EXPECT_FALSE(a.sent);
  EXPECT_TRUE(a.references.empty());
  EXPECT_EQ(a.infos.at(0).sender_name, "") << "this agency speaks";
  EXPECT_EQ(a.infos[0].instruction, "Pergi ke tempat tinggi");
}

TEST(Draft, ReadsBackAsAnAlertFileThatCanBePlanned) {
  const auto yaml = write_alert(draft(read_one(whole).alert).alert);
  const auto back = parse_alert(yaml, "a.yaml", {.now = now, .zones = &map()});
  EXPECT_TRUE(back) << alert::testing::said(back)[0] << "\n" << yaml;
}

// No sensor and no feed can end an alert.
TEST(Draft, NoBulletinEndsAnAlertHere) {
  for (const auto& [type, text] :
       std::vector<std::pair<std::string, std::string>>{{"Cancel", "cap.draft_cancel"},
                                                        {"Ack", "cap.draft_about_a_message"},
                                                        {"Error", "cap.draft_about_a_message"}}) {
    const auto made = draft_of(read_one(whole_with("Update", type)).alert, {agency(), map(), hazards, now});
    ASSERT_FALSE(made) << type;
    EXPECT_EQ(made.error().text.id, text);
    EXPECT_EQ(made.error().kind, base::ErrorKind::refused);
  }
}

TEST(Draft, AnAreaThatIsNotOursAlertsNobody) {
  auto alert = read_one(whole).alert;
  for (auto& area : alert.infos[0].areas) {
    area.polygons = {box(40, 10, 41, 11)};
    area.circles.clear();
  }
  auto made = draft(alert);
  EXPECT_TRUE(made.alert.zones.empty());
  EXPECT_TRUE(said(made).back().starts_with("zones: its area touches none")) << said(made).back();
  alert.infos[0].areas.clear();
  made = draft(alert);
  EXPECT_TRUE(made.alert.zones.empty()) << "no area at all never means everybody";
}

TEST(Draft, AGeocodeNamesAZoneWhereThereIsNoShape) {
  auto alert = read_one(whole).alert;
  alert.infos[0].areas = {{"bukit", {}, {}, {{"adm4", "99.02"}}, {}, {}}};
  const auto made = draft(alert);
  EXPECT_EQ(made.alert.zones, (std::vector<ZoneOrder>{{ZoneId("bukit"), {}}}));
  EXPECT_EQ(said(made).back(), "zone bukit: named by its code");
}

TEST(Draft, ARegionOfALanguageIsThatLanguage) {
  auto alert = read_one(whole).alert;
  alert.infos.push_back(alert.infos[0]);
  alert.infos.push_back(alert.infos[0]);
  alert.infos[1].language = Language("en-US");
  alert.infos[2].language = Language("fr");
  const auto made = draft(alert);
  EXPECT_EQ(made.alert.infos[1].language, Language("en"));
  EXPECT_EQ(made.alert.infos[2].language, Language("fr"));
  const auto lines = said(made);
  EXPECT_EQ(lines[2], "language en-US taken as en");
  EXPECT_EQ(lines[3], "language fr: this agency does not speak it; its text stays in the draft");
}

TEST(Draft, OldAndFutureBulletinsAreSaid) {
  auto alert = read_one(whole).alert;
  alert.infos[0].expires = now - std::chrono::hours(1);
  alert.sent = now + std::chrono::hours(1);
  const auto lines = said(draft(alert));
  EXPECT_EQ(lines.back(), "expires: it ended at 2026-11-24T01:15:00-00:00; nothing can be sent from it");
  EXPECT_EQ(lines[2],
            "it says that it was sent at 2026-11-24T03:15:00-00:00, which is still to come: is its clock or "
            "ours wrong?");
}

TEST(Draft, TheHazardIsTheOneThatWordsOrCodesName) {
  const auto meant = [](const std::string& event, const std::string& code) {
    Alert alert;
    alert.infos.resize(1);
    alert.infos[0].event = event;
    if (!code.empty()) alert.infos[0].event_codes = {{"SAME", code}};
    return hazard_meant(alert, hazards);
  };
  EXPECT_EQ(meant("Tsunami Warning", ""), "tsunami");
  EXPECT_EQ(meant("TSUNAMI", "TSW"), "tsunami");
  EXPECT_EQ(meant("Peringatan", "FLW"), "flood");
  EXPECT_EQ(meant("Flood Warning", ""), "flood");
  EXPECT_EQ(meant("Flash Flood Warning", "FFW"), "flash-flood") << "the more particular one";
  EXPECT_EQ(meant("Local area emergency", "LAE"), "") << "no hazard is named";
  EXPECT_EQ(meant("Earthquake and tsunami", ""), "") << "two: a person says which";
  EXPECT_EQ(meant("Floodlight failure", ""), "") << "whole words only";
  EXPECT_EQ(meant("Volcano", "VOW"), "") << "no wording for it here";
}

TEST(Draft, OurOwnAlertComesBackAsItWas) {
  const auto before = alert::testing::parse(alert::testing::order("slots: {arrival: \"02.35\"}\n")).value();
  const auto out = outward(before, map(), {"TL1", "bpbd.example", now});
  const auto made = draft(read_one(write_cap(out).value()).alert);
  EXPECT_EQ(write_alert(made.alert), write_alert(before));
  EXPECT_EQ(said(made), Lines{});
}

}  // namespace
}  // namespace broadcaster::alert::cap
