// What a person reads who made a mistake in an alert file: file:line:column: key: what was expected, what was found.
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

struct Case {
  std::string text;
  Lines errors;
};

void check(const std::vector<Case>& table) {
  for (const auto& row : table) EXPECT_EQ(said(parse(row.text)), row.errors) << row.text;
}

TEST(AlertErrors, WrongEnumerations) {
  check({
      {order_with("status:", "status: Real"),
       {"a.yaml:1:9: status: expected one of Actual, Exercise, System, Test, Draft; found \"Real\""}},
      {order_with("urgency:", "urgency: immediate"),
       {"a.yaml:9:10: urgency: expected one of Immediate, Expected, Future, Past, Unknown; found \"immediate\""}},
      {order_with("category:", "category: [Geo, Sea]"),
       {"a.yaml:6:17: category[1]: expected one of Geo, Met, Safety, Security, Rescue, Fire, Health, Env, Transport, "
        "Infra, CBRNE, Other; found \"Sea\""}},
      {order_with("responseType:", "responseType: Run"),
       {"a.yaml:8:15: responseType: expected one of Shelter, Evacuate, Prepare, Execute, Avoid, Monitor, Assess, "
        "AllClear, None; found \"Run\""}},
      {order("msgType: Alarm\n"),
       {"a.yaml:13:10: msgType: expected one of Alert, Update, Cancel, Ack, Error; found \"Alarm\""}},
      {order("scope: Everybody\n"),
       {"a.yaml:13:8: scope: expected one of Public, Restricted, Private; found \"Everybody\""}},
  });
}

TEST(AlertErrors, MissingUnknownAndDuplicateKeys) {
  check({
      {order_with("status:", ""), {"a.yaml:1:1: status: missing; expected text"}},
      {order_with("severity:", ""),
       {"a.yaml:1:1: severity: missing; expected one of CAP’s words; write Unknown when it is not known"}},
      {order_with("category:", ""),
       {"a.yaml:1:1: category: missing; expected one or more of CAP’s categories, such as Geo or Met"}},
      {order_with("event:", ""), {"a.yaml:1:1: event: missing; expected text"}},
      {order_with("expires:", ""),
       {"a.yaml:1:1: expires: missing; expected +3h (from now) or a time with offset such as "
        "2026-11-24T09:15:00+07:00"}},
      {order_with("languages:", ""), {"a.yaml:1:1: languages: missing; expected a list of languages such as [id, en]"}},
      {order("colour: red\n"), {"a.yaml:13:1: colour: unknown key"}},
      {order("event: Gempa\n"), {"a.yaml:13:1: event: given twice; first in line 7"}},
      {order("info: []\n"), {"a.yaml:4:12: languages: expected languages or info, found both"}},
  });
}

TEST(AlertErrors, TimesThatCannotBe) {
  check({
      {order_with("expires:", "expires: 2026-11-24T02:15:00-00:00"),
       {"a.yaml:12:10: expires: expected a time that is still to come (now it is 2026-11-24T02:15:00-00:00), found "
        "2026-11-24T02:15:00-00:00"}},
      {order("sent: 2026-11-25T09:15:00+07:00\n"),
       {"a.yaml:12:10: expires: expected a time after sent (2026-11-25T02:15:00-00:00), found "
        "2026-11-24T05:15:00-00:00"}},
      {order("effective: +4h\n"),
       {"a.yaml:12:10: expires: expected a time after effective (2026-11-24T06:15:00-00:00), found "
        "2026-11-24T05:15:00-00:00"}},
      {order_with("expires:", "expires: 3h"),
       {"a.yaml:12:10: expires: expected +3h (from now) or a time with offset such as 2026-11-24T09:15:00+07:00, found "
        "\"3h\""}},
      {order("onset: 02.35 WIB\n"),
       {"a.yaml:13:8: onset: expected +3h (from now) or a time with offset such as 2026-11-24T09:15:00+07:00, found "
        "\"02.35 WIB\""}},
      {order("sent: 2026-11-24T02:15:00Z\n"),
       {"a.yaml:13:7: sent: expected a time with offset such as 2026-11-24T09:15:00+07:00, found "
        "\"2026-11-24T02:15:00Z\""}},
  });
}

TEST(AlertErrors, ZonesAreNeverGuessedOrWidened) {
  check({
      {order_with("zones:", "zones: [muara, telik]"),
       {"a.yaml:5:16: zones[1]: there is no zone \"telik\"; did you mean teluk?"}},
      {order_with("zones:", "zones: [{zone: everywhere}]"), {"a.yaml:5:9: zones[0]: there is no zone \"everywhere\""}},
      {order_with("zones:", "zones: [muara, teluk, muara]"), {"a.yaml:5:23: zones[2]: zone \"muara\" is named twice"}},
      {order_with("zones:", ""),
       {"a.yaml:1:1: zones: missing; an alert must name its zones, and none never means everybody"}},
      {order_with("zones:", "zones: []"),
       {"a.yaml:5:8: zones: missing; an alert must name its zones, and none never means everybody"}},
      {order_with("zones:", "zones: muara"), {"a.yaml:5:8: zones: expected a list of zone ids, found \"muara\""}},
      {order_with("zones:", "zones: all"), {"a.yaml:5:8: zones: expected a list of zone ids, found \"all\""}},
  });
}

TEST(AlertErrors, RulesOfCap) {
  const std::string area = "area: {areaDesc: pantai, ";
  check({
      {order("identifier: TP 12\n"),
       {"a.yaml:13:13: identifier: expected a name without spaces, commas, < and &, found \"TP 12\""}},
      {order("sender: a,b\n"), {"a.yaml:13:9: sender: expected a name without spaces, commas, < and &, found \"a,b\""}},
      {order("msgType: Update\n"),
       {"a.yaml:1:1: references: missing; an alert of type Update must name the alert that it follows"}},
      {order("msgType: Cancel\nreferences: TP12\n"),
       {
           "a.yaml:14:13: references: expected sender,identifier,sent as in the alert that is meant, found \"TP12\"",
       }},
      {order("msgType: Cancel\nreferences: \"a,b,yesterday\"\n"),
       {"a.yaml:14:13: references: expected sender,identifier,sent as in the alert that is meant, found "
        "\"a,b,yesterday\""}},
      {order("identifier: b\nsender: a\nmsgType: Update\nreferences: \"a,b,2026-11-24T09:00:00+07:00\"\n"),
       {"a.yaml:16:13: references: an alert cannot refer to itself"}},
      {order("sent: 2026-11-24T09:00:00+07:00\nmsgType: Update\nreferences: \"a,b,2026-11-24T09:00:01+07:00\"\n"),
       {"a.yaml:15:13: references: refers to an alert that was sent later (\"2026-11-24T09:00:01+07:00\")"}},
      {"status: Actual\nmsgType: Error\nreferences: \"a,b,2026-11-24T09:00:00+07:00\"\n",
       {"a.yaml:1:1: note: missing; an alert of type Error must say why in its note"}},
      {order("restriction: staff\n"),
       {"a.yaml:13:14: restriction: only with the scope Restricted; the scope is Public"}},
      {order("scope: Private\n"),
       {"a.yaml:1:1: addresses: missing; expected the addresses, since the scope is Private"}},
      {order("web: bpbd.example\n"),
       {"a.yaml:13:6: web: expected an absolute address such as https://example.org/map, found \"bpbd.example\""}},
      {order_with("category:", "category: [Geo, Met, Geo]"), {"a.yaml:6:11: category: \"Geo\" is given twice"}},
      {order(area + "polygon: \"-12,100 -12,101 -13,101 -13,100\"}\n"),
       {"a.yaml:13:35: area.polygon: the last position must be the same as the first"}},
      {order(area + "polygon: \"-12,100 -12,101 -12,100\"}\n"),
       {"a.yaml:13:35: area.polygon: expected at least four positions, found 3"}},
      {order(area + "polygon: \"100,-12 101,-12\"}\n"),
       {"a.yaml:13:35: area.polygon: expected pairs latitude,longitude with spaces between them, found \"100,-12 "
        "101,-12\""}},
      {order(area + "circle: \"-12,100\"}\n"),
       {"a.yaml:13:34: area.circle: expected latitude,longitude radius (degrees, kilometres), found \"-12,100\""}},
      {order(area + "circle: \"-12,100 -5\"}\n"),
       {"a.yaml:13:34: area.circle: expected a number that is not negative"}},
      {order(area + "ceiling: 100}\n"), {"a.yaml:13:35: area.ceiling: needs an altitude"}},
      {order(area + "altitude: 200, ceiling: 100}\n"), {"a.yaml:13:50: area.ceiling: lies below the altitude"}},
      {order("area: {circle: \"-12,100 5\"}\n"), {"a.yaml:13:7: area.areaDesc: missing; expected text"}},
      {order("resource: {resourceDesc: peta, mimeType: png, uri: map.png}\n"),
       {"a.yaml:13:42: resource.mimeType: expected a media type such as image/png, found \"png\"",
        "a.yaml:13:52: resource.uri: expected an absolute address such as https://example.org/map, found \"map.png\""}},
  });
}

TEST(AlertErrors, LanguagesAndInfos) {
  check({
      {order_with("languages:", "languages: [id, id]"), {"a.yaml:4:17: languages[1]: \"id\" is given twice"}},
      {order_with("languages:", "languages: [Bahasa Indonesia]"),
       {"a.yaml:4:13: languages[0]: expected a language tag such as id or en, found \"Bahasa Indonesia\""}},
      {order_with("event:", "event: {id: Gempa}"), {"a.yaml:7:8: event.en: missing; expected text"}},
      {order_with("event:", "event: {id: Gempa, en: Quake, jv: Lindhu}"),
       {"a.yaml:7:31: event.jv: \"jv\" is not one of the languages"}},
      {order_with("languages:", "info:\n  - {event: Gempa}"), {"a.yaml:5:5: info[0].language: missing; expected text"}},
      {order_with("languages:", "info:\n  - {language: id, urgency: Now, colour: red}"),
       {"a.yaml:5:29: info[0].urgency: expected one of Immediate, Expected, Future, Past, Unknown; found \"Now\"",
        "a.yaml:5:34: info[0].colour: unknown key"}},
  });
}

TEST(AlertErrors, AllMistakesAtOnceAndEachOnce) {
  EXPECT_EQ(said(parse("status: Real\n"
                       "languages: [id, en]\n"
                       "zones: [mura]\n"
                       "category: Geo\n"
                       "urgency: Now\n"
                       "severity: Extreme\n"
                       "certainty: Likely\n"
                       "expires: soon\n")),
            (Lines{"a.yaml:1:9: status: expected one of Actual, Exercise, System, Test, Draft; found \"Real\"",
                   "a.yaml:3:9: zones[0]: there is no zone \"mura\"; did you mean muara?",
                   "a.yaml:5:10: urgency: expected one of Immediate, Expected, Future, Past, Unknown; found \"Now\"",
                   "a.yaml:8:10: expires: expected +3h (from now) or a time with offset such as "
                   "2026-11-24T09:15:00+07:00, found \"soon\"",
                   "a.yaml:1:1: event: missing; expected text"}));
}

TEST(AlertErrors, InIndonesianToo) {
  const std::vector<Case> table = {
      {order_with("zones:", "zones: [muara, telik]"),
       {"a.yaml:5:16: zones[1]: tidak ada zona \"telik\"; maksud Anda teluk?"}},
      {order_with("zones:", ""),
       {"a.yaml:1:1: zones: tidak ada; peringatan harus menyebut zonanya, dan kosong tidak pernah berarti semua "
        "orang"}},
      {order_with("urgency:", "urgency: Segera"),
       {"a.yaml:9:10: urgency: seharusnya salah satu dari Immediate, Expected, Future, Past, Unknown; ternyata "
        "\"Segera\""}},
      {order("sent: 2026-11-25T09:15:00+07:00\n"),
       {"a.yaml:12:10: expires: seharusnya sesudah waktu kirim (2026-11-25T02:15:00-00:00), ternyata "
        "2026-11-24T05:15:00-00:00"}},
      {order("kunci_asing: merah\n"), {"a.yaml:13:1: kunci_asing: kunci tidak dikenal"}},
      {order("event: Gempa\n"), {"a.yaml:13:1: event: ditulis dua kali; pertama pada baris 7"}},
  };
  for (const auto& row : table) EXPECT_EQ(said(parse(row.text), "id"), row.errors) << row.text;
}

TEST(AlertErrors, MalformedFiles) {
  for (const auto* text : {"", "5", "[a]", "status: [Actual", "status: 'Actual", "status: &x Actual",
                           "\tstatus: Actual", "status: Actual\n---\nstatus: Test", "status: \xff"}) {
    const auto alert = parse(text);
    ASSERT_FALSE(alert) << text;
    for (const auto& error : alert.error()) {
      ASSERT_TRUE(error.place) << text;
      EXPECT_EQ(error.place->file, "a.yaml");
    }
  }
}

// Cut anywhere, an alert is an error or still names what it must; it never becomes another alert.
TEST(AlertErrors, ATruncatedFileNeverLosesItsExpiry) {
  const auto whole = order();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto alert = parse(whole.substr(0, i));
    if (!alert) {
      for (const auto& line : said(alert)) EXPECT_EQ(line.find("<<"), std::string::npos) << line;
      continue;
    }
    EXPECT_EQ(alert->infos.size(), 2u) << i;
    EXPECT_EQ(alert->zones.size(), 2u) << i;
    EXPECT_TRUE(alert->infos[0].expires) << i;
  }
}

}  // namespace
}  // namespace broadcaster::alert
