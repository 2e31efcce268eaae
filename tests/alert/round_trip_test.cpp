// Properties: what is written reads back as the same alert, as YAML and as canonical JSON.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/base/canonical_json.hpp"
#include "tests/alert/maker.hpp"

namespace broadcaster::alert {
namespace {

using testing::Maker;
using testing::now;
using testing::said;

TEST(RoundTrip, AWrittenAlertReadsBackAsTheSame) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const auto alert = Maker(seed, Maker::Texts::written).alert();
    ASSERT_TRUE(cap_faults(alert, now).empty()) << "the maker makes valid alerts, seed " << seed;
    const auto text = write_alert(alert);
    const auto back = parse_alert(text, "written.yaml", {.now = now, .zones = nullptr});
    ASSERT_TRUE(back) << "seed " << seed << ": " << said(back)[0] << "\n" << text;
    ASSERT_EQ(*back, alert) << "seed " << seed << "\n" << text << "\n" << write_alert(*back);
  }
}

TEST(RoundTrip, WhatNoFileMayHoldIsLeftOutOfOne) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    auto alert = Maker(seed, Maker::Texts::written).alert();
    if (alert.infos.empty() || alert.infos.front().headline.empty()) continue;
    const auto plain = write_alert(alert);
    alert.infos.front().headline += "\x1b\u202e\u0085";
    const auto back = parse_alert(write_alert(alert), "written.yaml", {.now = now, .zones = nullptr});
    ASSERT_TRUE(back) << "a centre's document can be planned all the same";
    EXPECT_EQ(write_alert(*back), plain);
  }
}

TEST(RoundTrip, CanonicalJsonLosesNothing) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    auto alert = Maker(seed).alert();
    for (auto& info : alert.infos)
      if (seed % 2 == 0) info.ending = seed % 4 == 0 ? Ending::may_return : Ending::not_yet;
    for (auto& info : alert.infos)
      if (info.onset) *info.onset += std::chrono::milliseconds(7);  // YAML has no parts of a second, JSON has
    const auto bytes = base::canonical_json(to_json(alert));
    const auto value = base::parse_json(bytes, "p");
    ASSERT_TRUE(value);
    const auto back = alert_from_json(*value, "p");
    ASSERT_TRUE(back) << seed << ": " << base::Catalogue::of("en").say(back.error()) << "\n" << bytes;
    ASSERT_EQ(*back, alert) << seed << "\n" << bytes;
    ASSERT_EQ(base::canonical_json(to_json(*back)), bytes);
  }
}

TEST(AlertJson, TheBytesOfAnOrder) {
  const auto alert =
      testing::parse(testing::order("onset: +20m\narea: {areaDesc: pantai, circle: \"-12.05,100 2\"}\n"));
  ASSERT_TRUE(alert);
  const std::string info =
      R"({"area":[{"areaDesc":"pantai","circle":[{"centre":["-12.05","100"],"radius_km":"2"}]}],"category":["Geo"],)"
      R"("certainty":"Likely","event":"Tsunami","expires":"2026-11-24T05:15:00.000Z","language":"LANG",)"
      R"("onset":"2026-11-24T02:35:00.000Z","responseType":["Evacuate"],"severity":"Extreme","urgency":"Immediate"})";
  auto id = info, en = info;
  id.replace(id.find("LANG"), 4, "id");
  en.replace(en.find("LANG"), 4, "en");
  EXPECT_EQ(base::canonical_json(to_json(*alert)),
            R"({"hazard":"tsunami","info":[)" + id + "," + en +
                R"(],"msgType":"Alert","note":"latihan","scope":"Public","status":"Exercise",)"
                R"("zones":[{"zone":"muara"},{"zone":"teluk"}]})");
}

TEST(AlertJson, AWrongValueIsAnErrorWithItsPath) {
  const std::string head = R"("status":"Test","msgType":"Alert","scope":"Public")";
  const std::string info = R"("language":"id","urgency":"Past","severity":"Minor","certainty":"Likely")";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"[]", "p: expected keys with values, found a list"},
      {R"({"msgType":"Alert","scope":"Public"})", "p: status: missing; expected text"},
      {"{" + head + R"(,"colour":"red"})", "p: colour: unknown key"},
      {"{" + head + R"(,"sent":"2026-11-24T02:15:00-00:00"})",
       "p: sent: expected a time such as 2026-11-24T02:15:00.000Z, found \"2026-11-24T02:15:00-00:00\""},
      {"{" + head + R"(,"zones":["muara"]})", "p: zones[0]: expected keys with values, found \"muara\""},
      {"{" + head + R"(,"info":[{)" + info + R"(,"category":["Sea"]}]})",
       "p: info[0].category[0]: expected one of Geo, Met, Safety, Security, Rescue, Fire, Health, Env, Transport, "
       "Infra, CBRNE, Other; found \"Sea\""},
      {"{" + head + R"(,"info":[{)" + info + R"(,"area":[{"polygon":[[[-12,100]]]}]}]})",
       "p: info[0].area[0].polygon[0][0]: expected latitude and longitude as two texts, found a list"},
      {"{" + head + R"(,"info":[{)" + info + R"(,"area":[{"altitude":"high"}]}]})",
       "p: info[0].area[0].altitude: expected a decimal number, found \"high\""},
  };
  for (const auto& [text, expected] : table) {
    const auto back = alert_from_json(base::parse_json(text, "p").value(), "p");
    ASSERT_FALSE(back) << text;
    EXPECT_EQ(base::Catalogue::of("en").say(back.error()), expected);
  }
}

}  // namespace
}  // namespace broadcaster::alert
