#include "broadcaster/alert/alert_yaml.hpp"

#include <gtest/gtest.h>

#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;
using testing::now;
using testing::order;
using testing::order_with;
using testing::parse;
using testing::said;
using namespace std::chrono_literals;

base::WallTime cap(const std::string& text) { return base::parse_cap_time(text).value(); }

Alert good(const std::string& text) {
  auto alert = parse(text);
  EXPECT_TRUE(alert) << said(alert)[0];
  return alert.value_or(Alert{});
}

TEST(AlertFile, TheShortFormSaysEverythingOnce) {
  const auto alert = good(order("level: AWAS\nonset: +20m\nslots: {arrival: \"02.35\", refuge: bukit}\n"));
  EXPECT_EQ(alert.status, Status::exercise);
  EXPECT_EQ(alert.type, MessageType::alert);
  EXPECT_EQ(alert.scope, Scope::public_);
  EXPECT_EQ(alert.identifier, "");
  EXPECT_EQ(alert.sent, std::nullopt);
  EXPECT_EQ(alert.hazard, "tsunami");
  EXPECT_EQ(alert.level, "AWAS");
  EXPECT_EQ(alert.zones, (std::vector<ZoneOrder>{{ZoneId("muara"), {}}, {ZoneId("teluk"), {}}}));
  EXPECT_EQ(alert.slots, (std::vector<NamedValue>{{"arrival", "02.35"}, {"refuge", "bukit"}}));
  ASSERT_EQ(alert.infos.size(), 2u);
  EXPECT_EQ(alert.infos[0].language, Language("id"));
  EXPECT_EQ(alert.infos[1].language, Language("en"));
  for (const auto& info : alert.infos) {
    EXPECT_EQ(info.categories, std::vector<Category>{Category::geo});
    EXPECT_EQ(info.event, "Tsunami");
    EXPECT_EQ(info.responses, std::vector<ResponseType>{ResponseType::evacuate});
    EXPECT_EQ(info.urgency, Urgency::immediate);
    EXPECT_EQ(info.severity, Severity::extreme);
    EXPECT_EQ(info.certainty, Certainty::likely);
    EXPECT_EQ(info.onset, now + 20min);
    EXPECT_EQ(info.expires, now + 3h);
  }
}

TEST(AlertFile, TextsMayDifferByLanguage) {
  const auto alert = good(order_with("event:", "event: {id: Gempa, en: Earthquake}"));
  EXPECT_EQ(alert.infos.at(0).event, "Gempa");
  EXPECT_EQ(alert.infos.at(1).event, "Earthquake");
}

TEST(AlertFile, AnInfosOwnValueWins) {
  const auto alert = good(order_with("languages:",
                                     "info:\n"
                                     "  - language: id\n"
                                     "    event: Gempa\n"
                                     "    expires: +2h\n"
                                     "  - language: en-US\n"
                                     "    responseType: [Evacuate, Avoid]\n"));
  EXPECT_EQ(alert.infos.at(0).event, "Gempa");
  EXPECT_EQ(alert.infos.at(0).expires, now + 2h);
  EXPECT_EQ(alert.infos.at(1).language, Language("en-US"));
  EXPECT_EQ(alert.infos.at(1).event, "Tsunami");
  EXPECT_EQ(alert.infos.at(1).expires, now + 3h);
  EXPECT_EQ(alert.infos.at(1).responses, (std::vector{ResponseType::evacuate, ResponseType::avoid}));
}

TEST(AlertFile, TimesAreRelativeToNowOrAbsolute) {
  EXPECT_EQ(good(order_with("expires:", "expires: 2026-11-24T12:15:00+07:00")).infos[0].expires,
            cap("2026-11-24T05:15:00-00:00"));
  const auto alert = parse_alert(order(), "a", {.now = now + 999ms, .zones = nullptr});
  EXPECT_EQ(alert.value().infos[0].expires, now + 3h) << "CAP has whole seconds";
}

TEST(AlertFile, AZoneMayHaveItsOwnOnset) {
  const auto alert = good(order_with("zones:", "zones: [muara, {zone: teluk, onset: +25m}, {zone: bukit}]"));
  EXPECT_EQ(alert.zones,
            (std::vector<ZoneOrder>{{ZoneId("muara"), {}}, {ZoneId("teluk"), now + 25min}, {ZoneId("bukit"), {}}}));
}

// CAP 1.2 §3.2: every element.
TEST(AlertFile, KnowsEveryElementOfCap) {
  const auto alert = good(R"(identifier: TP12
sender: bpbd.example
sent: 2026-11-24T09:14:00+07:00
status: Actual
msgType: Update
source: Pusdalops
scope: Private
addresses: "a@b.example \"Wali Kota\""
code: [profile:X, other]
note: corrected
references: "bpbd.example,TP11,2026-11-24T09:00:00+07:00 bpbd.example,TP10,2026-11-24T08:50:00+07:00"
incidents: "\"Gempa Utara\""
hazard: tsunami
zones: [muara]
info:
  language: id
  category: [Geo, Safety]
  event: Tsunami
  responseType: Evacuate
  urgency: Immediate
  severity: Extreme
  certainty: Observed
  audience: warga pantai
  eventCode: {SAME: TSW, X: [a, b]}
  effective: 2026-11-24T09:15:00+07:00
  onset: +20m
  expires: +3h
  senderName: BPBD
  headline: Tsunami
  description: Air laut surut
  instruction: Pergi ke bukit
  web: https://bpbd.example/tp12
  contact: "+999 112"
  parameter:
    - {valueName: A, value: 1}
    - {valueName: A, value: 2}
  resource:
    - {resourceDesc: peta, mimeType: image/png, size: 1200, uri: map.png, derefUri: QUJD, digest: abc}
  area:
    areaDesc: pantai
    polygon: "-12,100 -12,100.1 -12.1,100.1 -12,100"
    circle: ["-12.5,100.5 2.5"]
    geocode: {adm4: 99.01.01.1001}
    altitude: 0
    ceiling: 98.5
)");
  EXPECT_EQ(alert.identifier, "TP12");
  EXPECT_EQ(alert.sent, cap("2026-11-24T02:14:00-00:00"));
  EXPECT_EQ(alert.scope, Scope::private_);
  EXPECT_EQ(alert.addresses, "a@b.example \"Wali Kota\"");
  EXPECT_EQ(alert.codes, (std::vector<std::string>{"profile:X", "other"}));
  // Letter for letter, offset included.
  EXPECT_EQ(alert.references, (std::vector<Reference>{{"bpbd.example", "TP11", "2026-11-24T09:00:00+07:00"},
                                                      {"bpbd.example", "TP10", "2026-11-24T08:50:00+07:00"}}));
  const auto& info = alert.infos.at(0);
  EXPECT_EQ(info.event_codes, (std::vector<NamedValue>{{"SAME", "TSW"}, {"X", "a"}, {"X", "b"}}));
  EXPECT_EQ(info.effective, now);
  EXPECT_EQ(info.parameters, (std::vector<NamedValue>{{"A", "1"}, {"A", "2"}}));
  EXPECT_EQ(info.contact, "+999 112");
  EXPECT_EQ(info.resources, (std::vector<Resource>{{"peta", "image/png", 1200, "map.png", "QUJD", "abc"}}));
  ASSERT_EQ(info.areas.size(), 1u);
  const auto& area = info.areas[0];
  EXPECT_EQ(area.polygons, (std::vector<Polygon>{{{-12, 100}, {-12, 100.1}, {-12.1, 100.1}, {-12, 100}}}));
  EXPECT_EQ(area.circles, (std::vector<Circle>{{{-12.5, 100.5}, 2.5}}));
  EXPECT_EQ(area.geocodes, (std::vector<NamedValue>{{"adm4", "99.01.01.1001"}}));
  EXPECT_EQ(area.altitude_feet, 0);
  EXPECT_EQ(area.ceiling_feet, 98.5);
}

TEST(AlertFile, AckAndErrorNeedNeitherInfoNorArea) {
  for (const auto* type : {"Ack", "Error"}) {
    const auto alert =
        good(std::string("status: Actual\nnote: kode salah\nreferences: \"a,b,2026-11-24T09:00:00+07:00\"\nmsgType: ") +
             type + "\n");
    EXPECT_TRUE(alert.infos.empty());
  }
}

TEST(AlertFile, TextIsKeptInNormalFormC) { EXPECT_EQ(good(order("level: \"e\\u0301\"\n")).level, "\u00e9"); }

TEST(AlertFile, WithoutTheMapZoneIdsAreTakenAsTheyAre) {
  const auto alert = parse_alert(order_with("zones:", "zones: [elsewhere]"), "a", {.now = now, .zones = nullptr});
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->zones[0].zone, ZoneId("elsewhere"));
}

TEST(AlertFile, ReadFromDisk) {
  const auto alert = read_alert("/nowhere/a.yaml", {.now = now, .zones = nullptr});
  ASSERT_FALSE(alert);
  EXPECT_NE(said(alert)[0].find("/nowhere/a.yaml"), std::string::npos);
}

TEST(AlertFile, WrittenAsAPersonWouldWriteIt) {
  EXPECT_EQ(write_alert(good(order_with("event:", "event: {id: Tsunami besar, en: Tsunami}") + "onset: +20m\n")),
            "status: Exercise\n"
            "note: latihan\n"
            "hazard: tsunami\n"
            "zones: [muara, teluk]\n"
            "languages: [id, en]\n"
            "category: Geo\n"
            "event: {id: \"Tsunami besar\", en: Tsunami}\n"
            "responseType: Evacuate\n"
            "urgency: Immediate\n"
            "severity: Extreme\n"
            "certainty: Likely\n"
            "onset: 2026-11-24T02:35:00-00:00\n"
            "expires: 2026-11-24T05:15:00-00:00\n");
}

}  // namespace
}  // namespace broadcaster::alert
