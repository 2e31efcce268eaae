// The lenient reader: a right document says nothing, every defect of real feeds is read or left out, and always said.
#include "broadcaster/alert/cap/read.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/cap_rules.hpp"
#include "tests/alert/cap/documents.hpp"

namespace broadcaster::alert::cap {
namespace {

using alert::testing::Lines;
using testing::read_one;
using testing::said;
using testing::whole;
using testing::whole_with;

base::WallTime at(const std::string& text) { return base::parse_cap_time(text).value(); }

TEST(CapReader, ReadsEveryElement) {
  const auto read = read_one(whole);
  EXPECT_EQ(said(read.notes), Lines{});
  Alert a;
  a.identifier = "bmkg-2026-1124-01";
  a.sender = "inatews.example";
  a.sent = at("2026-11-24T09:15:00+07:00");
  a.status = Status::actual;
  a.type = MessageType::update;
  a.source = "buoy 3";
  a.scope = Scope::public_;
  a.codes = {"profile:one"};
  a.note = "second bulletin";
  a.references = {{"inatews.example", "bmkg-2026-1124-00", "2026-11-24T09:05:00+07:00"}};
  a.incidents = "gempa-1";
  Info i;
  i.language = Language("id");
  i.categories = {Category::geo};
  i.event = "Tsunami";
  i.responses = {ResponseType::evacuate};
  i.urgency = Urgency::immediate;
  i.severity = Severity::extreme;
  i.certainty = Certainty::likely;
  i.audience = "pesisir";
  i.event_codes = {{"SAME", "TSW"}};
  i.effective = at("2026-11-24T09:15:00+07:00");
  i.onset = at("2026-11-24T09:35:00+07:00");
  i.expires = at("2026-11-24T12:15:00+07:00");
  i.sender_name = "InaTEWS";
  i.headline = "Tsunami mendekat";
  i.description = "Gempa M7.9 & tsunami";
  i.instruction = "Pergi ke tempat tinggi";
  i.web = "https://inatews.example/1";
  i.contact = "115";
  i.parameters = {{"depth", "10 km"}};
  i.resources = {
      {"peta", "image/png", 4, "https://inatews.example/1.png", "QUJD", "3c01bdbb26f358bab27f267924aa2c9a03fcfdb8"}};
  i.areas = {{"pantai",
              {{{-12.1, 100}, {-12.1, 100.1}, {-12, 100.1}, {-12.1, 100}}},
              {{{-12.05, 100.05}, 2.5}},
              {{"adm4", "99.01.01.1001"}},
              0.0,
              30.5}};
  a.infos = {i};
  EXPECT_EQ(read.alert, a);
}

struct Defect {
  const char* name;
  std::string document;
  Lines notes;
};

std::vector<Defect> repaired_defects() {
  const auto value = [](const std::string& from, const std::string& to) { return whole_with(from, to); };
  const std::string polygon = "<polygon>-12.1,100 -12.1,100.1 -12,100.1 -12.1,100</polygon>";
  return {
      {"sent before sender, as a Swiss feed has it",
       whole_with("  <sender>inatews.example</sender>\n  <sent>2026-11-24T09:15:00+07:00</sent>\n",
                  "  <sent>2026-11-24T09:15:00+07:00</sent>\n  <sender>inatews.example</sender>\n"),
       {"5 sender: must stand before sent; read all the same"}},
      {"no namespace",
       value(" xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"", ""),
       {"2 alert: namespace \"\" read as CAP 1.2"}},
      {"CAP 1.1",
       value("cap:1.2", "cap:1.1"),
       {"2 alert: namespace \"urn:oasis:names:tc:emergency:cap:1.1\" read as CAP 1.2"}},
      {"a typo in a name",
       testing::with(value("<references>", "<reference>"), "</references>", "</reference>"),
       {"12 reference: <reference> read as <references>"}},
      {"an open polygon",
       value(polygon, "<polygon>-12.1,100 -12.1,100.1 -12,100.1</polygon>"),
       {"44 info[0].area[0].polygon[0]: \"-12.1,100 -12.1,100.1 -12,100.1\" read as -12.1,100 … (4)"}},
      {"parentheses and commas",
       value(polygon, "<polygon>(-12.1, 100), (-12.1, 100.1), (-12, 100.1), (-12.1, 100)</polygon>"),
       {"44 info[0].area[0].polygon[0]: \"(-12.1, 100), (-12.1, 100.1), (-12, 100.1), (-12.1, 100)\" read as "
        "-12.1,100 … (4)"}},
      {"a longitude of one turn too much",
       value("-12.05,100.05 2.5", "-12.05,460.05 2.5"),
       {"45 info[0].area[0].circle[0]: \"-12.05,460.05 2.5\" read as -12.05,100.05 2.5"}},
      {"Z",
       value("09:15:00+07:00</sent>", "02:15:00Z</sent>"),
       {"5 sent: \"2026-11-24T02:15:00Z\" read as 2026-11-24T02:15:00-00:00"}},
      {"parts of a second",
       value("09:15:00+07:00</sent>", "02:15:00.000Z</sent>"),
       {"5 sent: \"2026-11-24T02:15:00.000Z\" read as 2026-11-24T02:15:00-00:00"}},
      {"a date of a Chinese locale",
       value("2026-11-24T09:15:00+07:00</sent>", "2026/11/24 上午 09:15:00 +0700</sent>"),
       {"5 sent: \"2026/11/24 上午 09:15:00 +0700\" read as 2026-11-24T02:15:00-00:00"}},
      {"escaped twice, with tags of a web page",
       value("Gempa M7.9 &amp; tsunami", "&lt;p&gt;Gempa M7.9 &amp;amp; tsunami&lt;/p&gt;"),
       {"29 info[0].description: \"<p>Gempa M7.9 &amp; tsunami</p>\" read as \"Gempa M7.9 & tsunami\""}},
      {"tags as elements",
       value("Pergi ke tempat tinggi", "Pergi ke <b>tempat</b> tinggi"),
       {"30 info[0].instruction: elements inside a text are left out; read as \"Pergi ke tempat tinggi\""}},
      {"white space in references",
       value("example,bmkg-2026-1124-00,2026", "example, bmkg-2026-1124-00 ,\n2026"),
       {"12 references: \"inatews.example, bmkg-2026-1124-00 , 2026-11-24T09:05:00+07:…\" read as "
        "\"inatews.example,bmkg-2026-1124-00,2026-11-24T09:05:00+07:00\""}},
      {"empty elements",
       value("<web>https://inatews.example/1</web>", "<web/>"),
       {"31 info[0].web: empty; read as absent"}},
      {"capitals", value("Immediate", "IMMEDIATE"), {"19 info[0].urgency: \"IMMEDIATE\" read as Immediate"}},
      {"no language", value("    <language>id</language>\n", "\n"), {"14 info[0].language: \"\" read as en-US"}},
      {"no mimeType, as CAP 1.1 allows",
       value("<mimeType>image/png</mimeType>", ""),
       {"34 info[0].resource[0].mimeType: missing; taken as application/octet-stream"}},
      {"the same value twice",
       value("<contact>115</contact>", "<contact>115</contact><contact>115</contact>"),
       {"32 info[0].contact: given twice with the same value"}},
  };
}

TEST(CapReader, RepairsTheDefectsOfRealFeedsAndSaysEach) {
  for (const auto& defect : repaired_defects()) {
    const auto read = read_one(defect.document);
    EXPECT_EQ(said(read.notes), defect.notes) << defect.name << ": " << read.alert.note;
    for (const auto& note : read.notes.list) EXPECT_EQ(note.kind, NoteKind::repaired) << defect.name;
  }
}

// What was repaired is the very alert that a right document would have given.
TEST(CapReader, WhatIsRepairedIsTheSameAlert) {
  const auto right = read_one(whole).alert;
  for (const auto& defect : repaired_defects()) {
    auto read = read_one(defect.document).alert;
    const std::string name = defect.name;
    if (name == "empty elements") read.infos.at(0).web = right.infos[0].web;
    if (name == "no language") read.infos.at(0).language = right.infos[0].language;
    if (name.starts_with("no mimeType")) read.infos.at(0).resources.at(0).mime_type = "image/png";
    EXPECT_EQ(read, right) << name;
  }
}

TEST(CapReader, WhatWouldBeAGuessIsLeftOutAndSaid) {
  const std::vector<Defect> table = {
      {"a time without its zone",
       whole_with("12:15:00+07:00", "12:15:00"),
       {"LOST 26 info[0].expires: cannot be read as a time with its offset, left out: \"2026-11-24T12:15:00\""}},
      {"a latitude of 120",
       whole_with("<circle>-12.05,100.05 2.5</circle>", "<circle>120,-12 2.5</circle>"),
       {"LOST 45 info[0].area[0].circle[0]: cannot be read as an area for certain, left out: \"120,-12 2.5\""}},
      {"two corners",
       whole_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "-12.1,100 -12.1,100.1"),
       {"LOST 44 info[0].area[0].polygon[0]: cannot be read as an area for certain, left out: \"-12.1,100 "
        "-12.1,100.1\""}},
      {"corners with heights, which would stand crosswise as pairs",
       whole_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "10,20,5 10,21,5 11,21,5 10,20,5"),
       {"LOST 44 info[0].area[0].polygon[0]: cannot be read as an area for certain, left out: \"10,20,5 10,21,5 "
        "11,21,5 10,20,5\""}},
      {"the same in brackets",
       whole_with("-12.1,100 -12.1,100.1 -12,100.1 -12.1,100", "(10, 20, 5), (10, 21, 5), (11, 21, 5), (10, 20, 5)"),
       {"LOST 44 info[0].area[0].polygon[0]: cannot be read as an area for certain, left out: \"(10, 20, 5), (10, 21, "
        "5), (11, 21, 5), (10, 20, 5)\""}},
      {"a reference that is an identifier alone",
       whole_with("inatews.example,bmkg-2026-1124-00,2026-11-24T09:05:00+07:00", "bmkg-2026-1124-00"),
       {"LOST 12 references: not sender,identifier,sent; left out: \"bmkg-2026-1124-00\""}},
      {"an unknown word",
       whole_with("Extreme", "Horrible"),
       {"LOST 20 info[0].severity: \"Horrible\" is none of CAP’s words; taken as Unknown"}},
      {"an unknown element",
       whole_with("<contact>115</contact>", "<colour>red</colour>"),
       {"LOST 32 info[0].colour: not an element of CAP; left out"}},
      {"two headlines",
       whole_with("<headline>", "<headline>Awas</headline><headline>"),
       {"LOST 28 info[0].headline: given twice; only the first is read, not \"Tsunami mendekat\""}},
      {"half a pair",
       whole_with("<value>TSW</value>", ""),
       {"LOST 23 info[0].eventCode[0]: name without value or value without name, left out: \"SAME\""}},
      {"text between elements",
       whole_with("  <info>", "  <info>TEST"),
       {"LOST 14 info[0]: text between elements left out: \"TEST\""}},
  };
  for (const auto& row : table) EXPECT_EQ(said(read_one(row.document).notes), row.notes) << row.name;
}

// The words that decide whom an alert may reach are never mended towards more people.
TEST(CapReader, AnUnknownStatusOrScopeReachesNobody) {
  for (const auto* wrong : {"Actul", "Live", ""}) {
    const auto read = read_one(whole_with("<status>Actual", std::string("<status>") + wrong));
    EXPECT_EQ(read.alert.status, Status::draft) << wrong;
  }
  EXPECT_EQ(read_one(whole_with("<scope>Public</scope>", "")).alert.scope, Scope::restricted);
  EXPECT_EQ(read_one(whole_with("<scope>Public", "<scope>Pubic")).alert.scope, Scope::restricted);
}

TEST(CapReader, AMessageTypeIsNeverGuessed) {
  for (const auto* wrong : {"<msgType>Cancle</msgType>", "<msgType/>", ""}) {
    const auto read = read_cap(whole_with("<msgType>Update</msgType>", wrong), "a.xml");
    ASSERT_FALSE(read) << wrong;
    EXPECT_TRUE(alert::testing::said(read.error())[0].starts_with("a.xml:")) << wrong;
    EXPECT_NE(alert::testing::said(read.error())[0].find("msgType: expected msgType with Alert"), std::string::npos);
  }
}

TEST(CapReader, ACancelWithoutInfoIsFine) {
  const auto begin = whole.find("  <info>");
  auto cancel = whole.substr(0, begin) + "</alert>";
  cancel = testing::with(cancel, "Update", "Cancel");
  const auto read = read_one(cancel);
  EXPECT_EQ(said(read.notes), Lines{});
  EXPECT_EQ(read.alert.type, MessageType::cancel);
  EXPECT_TRUE(read.alert.infos.empty());
}

TEST(CapReader, SeveralAlertsInsideSomethingElse) {
  const auto body = whole.substr(whole.find("<alert"));
  const auto read = read_cap("<alerts>" + body + testing::with(body, "1124-01", "1124-02") + "</alerts>", "a.xml");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ((*read)[1].alert.identifier, "bmkg-2026-1124-02");
  EXPECT_EQ(said((*read)[0].notes), (Lines{"1 alert: found inside <alerts>"}));
  EXPECT_EQ((*read)[1].line, 51);
}

TEST(CapReader, AnAlertInAnAtomFeedIsFound) {
  const auto body = whole.substr(whole.find("<alert"));
  const auto read = read_cap("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><content type=\"text/xml\">" + body +
                                 "</content></entry></feed>",
                             "a.xml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(0).alert.infos.size(), 1u);
}

TEST(CapReader, OtherEncodingsAreRead) {
  auto latin = testing::with(testing::with(whole, "UTF-8", "ISO-8859-1"), "InaTEWS", "M\xe9t\xe9o");
  EXPECT_EQ(read_one(latin).alert.infos.at(0).sender_name, "Météo");
  EXPECT_EQ(said(read_one(latin).notes), Lines{});
}

TEST(CapReader, AFileOfAMillionDefectsIsNotAMillionLines) {
  std::string areas;
  for (int i = 0; i < 2000; ++i) areas += "<area><areaDesc>x</areaDesc><circle>x</circle></area>";
  const auto read = read_one(whole_with("    <area>", areas + "    <area>"));
  EXPECT_EQ(read.notes.list.size(), most_notes);
  EXPECT_EQ(read.notes.not_listed, 1500);
}

}  // namespace
}  // namespace broadcaster::alert::cap
