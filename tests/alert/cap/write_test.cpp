// The strict writer: valid against the standard, and the same alert when it is read back.
#include "broadcaster/alert/cap/write.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/cap/outward.hpp"
#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "tests/alert/cap/documents.hpp"
#include "tests/alert/maker.hpp"

namespace broadcaster::alert::cap {
namespace {

using alert::testing::Lines;
using alert::testing::Maker;
using alert::testing::now;
using testing::read_one;
using testing::said;
using testing::whole;
using testing::whole_with;

Lines faults(const std::string& text) {
  const auto root = parse_xml(text, "a.xml");
  if (!root) return {"not XML"};
  Lines out;
  for (const auto& fault : schema_faults(*root))
    out.push_back(std::to_string(fault.line) + " " + fault.element + ": " + base::Catalogue::of("en").say(fault.text));
  return out;
}

TEST(CapSchema, AWholeDocumentIsValid) { EXPECT_EQ(faults(whole), Lines{}); }

TEST(CapSchema, SeesWhatTheStandardForbids) {
  const std::vector<std::pair<std::string, Lines>> table = {
      {whole_with("cap:1.2", "cap:1.1"),
       {"2 alert: expected <alert> of CAP 1.2, found \"alert\" of the namespace "
        "\"urn:oasis:names:tc:emergency:cap:1.1\""}},
      {whole_with("  <sender>inatews.example</sender>\n", ""), {"2 sender: missing"}},
      {whole_with("<event>Tsunami</event>", "<event>Tsunami</event><event>Tsunami</event>"),
       {"17 info[0].event: stands here more often than allowed"}},
      {whole_with("<scope>Public</scope>", "<scope>Public</scope><source>x</source>"),
       {"9 source: stands after elements that must follow it", "9 source: stands here more often than allowed"}},
      {whole_with("Immediate", "immediate"), {"19 info[0].urgency: not a value of this element: \"immediate\""}},
      {whole_with("09:15:00+07:00</sent>", "02:15:00Z</sent>"),
       {"5 sent: not a value of this element: \"2026-11-24T02:15:00Z\""}},
      {whole_with("<size>4</size>", "<size>4.5</size>"),
       {"37 info[0].resource[0].size: not a value of this element: \"4.5\""}},
      {whole_with("<ceiling>30.5", "<ceiling>high"),
       {"48 info[0].area[0].ceiling: not a value of this element: \"high\""}},
      {whole_with("<language>id", "<language>bahasa indonesia"),
       {"15 info[0].language: not a value of this element: \"bahasa indonesia\""}},
      {whole_with("<mimeType>image/png</mimeType>", ""), {"34 info[0].resource[0].mimeType: missing"}},
      {whole_with("<value>TSW</value>", ""), {"23 info[0].eventCode[0].value: missing"}},
      {whole_with("<contact>115</contact>", "<phone>115</phone>"), {"32 info[0].phone: CAP has no such element here"}},
      {whole_with("<contact>115</contact>", "<contact><b>115</b></contact>"),
       {"32 info[0].contact: must hold text alone, no elements"}},
      {whole_with("  <info>", "  <info>x"), {"14 info[0]: text between elements: \"x\""}},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(faults(text), expected);
}

TEST(CapWriter, WritesTheStandardsOrderAndUtcAsMinusZero) {
  const auto written = write_cap(read_one(whole).alert);
  ASSERT_TRUE(written) << alert::testing::said(written)[0];
  auto expected = whole;
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"<sent>2026-11-24T09:15:00+07:00", "<sent>2026-11-24T02:15:00-00:00"},
           {"<effective>2026-11-24T09:15:00+07:00", "<effective>2026-11-24T02:15:00-00:00"},
           {"<onset>2026-11-24T09:35:00+07:00", "<onset>2026-11-24T02:35:00-00:00"},
           {"<expires>2026-11-24T12:15:00+07:00", "<expires>2026-11-24T05:15:00-00:00"}})
    expected = testing::with(expected, from, to);
  // Pairs stand on lines of their own.
  for (const auto& [name, indent] : std::vector<std::pair<std::string, std::string>>{
           {"eventCode", "    "}, {"parameter", "    "}, {"geocode", "      "}}) {
    const auto begin = expected.find("<" + name + "><valueName>");
    const auto value = expected.find("<value>", begin);
    expected.insert(expected.find("</" + name, begin), "\n" + indent);
    expected.insert(value, "\n" + indent + "  ");
    expected.insert(begin + name.size() + 2, "\n" + indent + "  ");
  }
  EXPECT_EQ(*written, expected) << "references keep the time zone of the alert that they name, letter for letter";
  EXPECT_EQ(faults(*written), Lines{});
}

TEST(CapWriter, TextIsEscapedOnceAndComesBack) {
  auto alert = read_one(whole).alert;
  alert.infos[0].description = "a < b & c > d \"e\" ]]> \r\n 日本 🌊";
  const auto written = write_cap(alert);
  ASSERT_TRUE(written);
  EXPECT_NE(written->find("a &lt; b &amp; c &gt; d \"e\" ]]&gt; &#13;\n 日本 🌊"), std::string::npos) << *written;
  EXPECT_EQ(read_one(*written).alert, alert);
}

TEST(CapWriter, WhatCapCannotSayIsAnErrorWithItsElement) {
  auto alert = read_one(whole).alert;
  alert.identifier.clear();
  alert.sent.reset();
  alert.infos[0].event = " ";
  alert.infos[0].headline = "a\x01z";
  alert.infos[0].areas[0].description.clear();
  EXPECT_EQ(alert::testing::said(write_cap(alert)),
            (Lines{"identifier: missing; expected text",
                   "sent: missing; expected a time with offset such as 2026-11-24T09:15:00+07:00",
                   "info[0].event: missing; expected text", "info[0].headline: holds a character that XML cannot carry",
                   "info[0].area[0].areaDesc: missing; expected text"}));
}

// YAML → CAP → YAML: the property over alerts of every shape, with zones, slots, level and hazard.
TEST(CapWriter, AnAlertThatGoesOutAndComesBackIsTheSame) {
  auto zones = alert::testing::town().all();
  zones[0].polygons = {{{-12, 100}, {-12, 101}, {-11, 101}, {-12, 100}}};
  zones[0].names = {{"la", "Muara"}};
  zones[0].geocodes = {{"adm4", "99.01.01.1001"}};
  const Zones map(zones);
  const Stamp stamp{"TP12", "bpbd.example", now};
  for (unsigned seed = 0; seed < 300; ++seed) {
    auto alert = Maker(seed, Maker::Texts::carried).alert();
    const auto yaml = write_alert(alert);
    const auto written = write_cap(outward(*parse_alert(yaml, "a.yaml", {.now = now}), map, stamp));
    ASSERT_TRUE(written) << seed << ": " << alert::testing::said(written)[0] << "\n" << yaml;
    ASSERT_EQ(faults(*written), Lines{}) << seed;
    const auto read = read_one(*written);
    ASSERT_EQ(said(read.notes), Lines{}) << seed << "\n" << *written;
    const auto back = inward(read.alert, "bpbd.example");
    // The stamp is the only thing that an alert has after it went out and had not before.
    if (alert.identifier.empty()) alert.identifier = stamp.identifier;
    if (alert.sender.empty()) alert.sender = stamp.sender;
    if (!alert.sent) alert.sent = stamp.sent;
    ASSERT_EQ(write_alert(back), write_alert(alert)) << seed << "\n" << *written;
    ASSERT_EQ(back, alert) << seed;
  }
}

TEST(Outward, AZoneIsAnAreaThatOthersCanRead) {
  const Zones map = alert::testing::town();
  auto alert = alert::testing::parse(alert::testing::order()).value();
  const auto out = outward(alert, map, {"TP12", "bpbd.example", now});
  EXPECT_EQ(out.codes, (Lines{"broadcaster:hazard:tsunami", "broadcaster:zone:muara", "broadcaster:zone:teluk"}));
  ASSERT_EQ(out.infos.at(1).areas.size(), 2u);
  EXPECT_EQ(out.infos[1].areas[0].geocodes.back(), (NamedValue{"broadcaster:zone", "muara"}));
}

TEST(Inward, AnotherAgencysZonesMeanNothingHere) {
  auto alert = alert::testing::parse(alert::testing::order()).value();
  const auto out = outward(alert, alert::testing::town(), {"TP12", "other.example", now});
  EXPECT_EQ(inward(out, "bpbd.example"), out);
}

}  // namespace
}  // namespace broadcaster::alert::cap
