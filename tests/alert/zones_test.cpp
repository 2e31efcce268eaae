#include "broadcaster/alert/zones.hpp"

#include <gtest/gtest.h>

#include "broadcaster/alert/sirens.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;
using testing::said;

const std::string square = "[[100,-12],[100.1,-12],[100.1,-12.1],[100,-12]]";

std::string properties(const std::string& id) {
  return R"("id":")" + id + R"(","names":{"id":"Kelurahan )" + id + R"("},"short_names":{"id":")" + id +
         R"("},"people":10,"time_zone":"Asia/Jakarta","map_date":"2026-06-15")";
}

std::string feature(const std::string& props, const std::string& ring = square) {
  return R"({"type":"Feature","properties":{)" + props + R"(},"geometry":{"type":"Polygon","coordinates":[)" + ring +
         "]}}";
}

std::string collection(const std::vector<std::string>& features) {
  std::string out = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) out += (i ? "," : "") + features[i];
  return out + "]}";
}

base::Checked<Zones> parse(const std::vector<std::string>& features) { return parse_zones(collection(features), "z"); }

TEST(Zones, ReadsEveryProperty) {
  const auto zones = parse(
      {feature(R"("id":"a","names":{"id":"Kelurahan A","en":"A ward"},"short_names":{"id":"A","en":"A"},"people":41233,
        "time_zone":"Asia/Jakarta","geocodes":{"adm4":"99.01.01.1001"},"floor_percent":60,"neighbours":["b"],
        "hazards":["tsunami"],"map_date":"2026-06-15")"),
       feature(properties("b") + R"(,"names_":0)")});
  EXPECT_EQ(said(zones), Lines{"z: features[1].properties.names_: unknown key"});
  const auto good = parse({feature(R"("id":"a","names":{"id":"Kelurahan A"},"short_names":{"id":"A"},"people":41233,
        "time_zone":"Asia/Jakarta","geocodes":{"adm4":"99.01.01.1001"},"floor_percent":60,"neighbours":["b"],
        "hazards":["tsunami"],"map_date":"2026-06-15")"),
                           feature(properties("b"))});
  ASSERT_TRUE(good) << said(good)[0];
  const auto* a = good->find(ZoneId("a"));
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->names.at("id"), "Kelurahan A");
  EXPECT_EQ(a->short_names.at("id"), "A");
  EXPECT_EQ(a->people, 41233);
  EXPECT_EQ(a->time_zone, "Asia/Jakarta");
  EXPECT_EQ(a->geocodes, (std::vector<NamedValue>{{"adm4", "99.01.01.1001"}}));
  EXPECT_EQ(a->floor_percent, 60);
  EXPECT_EQ(a->neighbours, std::vector<ZoneId>{ZoneId("b")});
  EXPECT_EQ(a->hazards, std::vector<std::string>{"tsunami"});
  EXPECT_EQ(a->map_date, "2026-06-15");
  ASSERT_EQ(a->polygons.size(), 1u);
  EXPECT_EQ(a->polygons[0][1], (Point{.latitude = -12, .longitude = 100.1})) << "GeoJSON says longitude first";
  EXPECT_EQ(good->find(ZoneId("b"))->floor_percent, 75);
  EXPECT_EQ(good->find(ZoneId("c")), nullptr);
}

TEST(Zones, ForeignMembersAroundThePropertiesAreFine) {
  const auto zones = parse_zones(
      R"({"type":"FeatureCollection","name":"layer","crs":{},"features":[{"type":"Feature","id":7,"bbox":[],"properties":{)" +
          properties("a") + R"(},"geometry":{"type":"MultiPolygon","coordinates":[[)" + square + "],[" + square +
          "]]}}]}",
      "z");
  ASSERT_TRUE(zones) << said(zones)[0];
  EXPECT_EQ(zones->all()[0].polygons.size(), 2u);
}

struct BadZones {
  std::vector<std::string> features;
  Lines errors;
};

TEST(Zones, EveryMistakeSaysWhereInTheFile) {
  const std::string good = feature(properties("b"));
  const std::vector<BadZones> table = {
      {{feature(properties("a")), feature(properties("a"))},
       {"z: features[1].properties.id: zone \"a\" is given twice; first at features[0].properties.id"}},
      {{feature(properties("a"), "[[100,-12],[100.1,-12],[100.1,-12.1],[100,-12.2]]")},
       {"z: features[0].geometry.coordinates[0]: the last position must be the same as the first"}},
      {{feature(properties("a"), "[[100,-12],[100.1,-12],[100,-12]]")},
       {"z: features[0].geometry.coordinates[0]: expected at least four positions, found 3"}},
      {{feature(properties("a"), "[[100,-12],[-12,100.5],[100.1,-12.1],[100,-12]]")},
       {"z: features[0].geometry.coordinates[0][1]: expected longitude from -180 to 180 and latitude from -90 to 90, "
        "found [-12, 100.5]"}},
      {{feature(properties("a"), "[[100,-12],[100],[100.1,-12.1],[100,-12]]")},
       {"z: features[0].geometry.coordinates[0][1]: expected a position: [longitude, latitude], found a list"}},
      {{feature(properties("a"), square + "," + square)},
       {"z: features[0].geometry.coordinates[1]: a hole in a polygon is not supported; draw the zone as several "
        "polygons"}},
      {{feature(properties("a") + R"(,"neighbours":["b","muar"])"), good, feature(properties("muara"))},
       {"z: features[0].properties.neighbours[1]: there is no zone \"muar\"; did you mean muara?"}},
      {{feature(properties("a") + R"(,"neighbours":["a"])")},
       {"z: features[0].properties.neighbours[0]: a zone cannot be its own neighbour"}},
      {{good, feature(R"("id":"c","names":{"en":"C"},"short_names":{"id":"C","en":"C"},"people":1,
         "time_zone":"Asia/Jakarta","map_date":"2026-06-15")")},
       {"z: features[0].properties.names.en: missing; expected text",
        "z: features[0].properties.short_names.en: missing; expected text",
        "z: features[1].properties.names.id: missing; expected text"}},
      {{feature(R"("id":"Zona A/#","names":{"id":"A"},"short_names":{"id":""},"people":-1,"time_zone":"Asia/Jakart",
         "floor_percent":101,"map_date":"2026-02-30")")},
       {"z: features[0].properties.id: expected small letters, digits and hyphens (at most 32), found \"Zona A/#\"",
        "z: features[0].properties.short_names.id: expected text, found an empty text",
        "z: features[0].properties.people: expected a whole number from 0 to 1,000,000,000, found -1",
        "z: features[0].properties.time_zone: expected a time zone such as Asia/Jakarta, found \"Asia/Jakart\"",
        "z: features[0].properties.floor_percent: expected a whole number from 0 to 100, found 101",
        "z: features[0].properties.map_date: expected a date such as 2026-06-15, found \"2026-02-30\""}},
      {{R"({"type":"Feature","properties":{"id":"a"}})"},
       {"z: features[0].properties.names: missing; expected a value",
        "z: features[0].properties.short_names: missing; expected a value",
        "z: features[0].properties.people: missing; expected a whole number",
        "z: features[0].properties.time_zone: missing; expected text",
        "z: features[0].properties.map_date: missing; expected text",
        "z: features[0].geometry: missing; expected a value"}},
      {{}, {"z: features: expected at least one zone, found none"}},
  };
  for (const auto& row : table) EXPECT_EQ(said(parse(row.features)), row.errors);
}

TEST(Zones, AFileThatIsNoFeatureCollectionIsRefused) {
  EXPECT_EQ(said(parse_zones("[]", "z")), Lines{"z: expected keys with values, found a list"});
  EXPECT_EQ(said(parse_zones(R"({"type":"Topology","features":[1]})", "z")),
            (Lines{"z: type: expected one of FeatureCollection; found \"Topology\"",
                   "z: features[0]: expected keys with values, found 1"}));
  const auto whole = collection({feature(properties("a"))});
  for (std::size_t i = 0; i < whole.size(); ++i)
    EXPECT_FALSE(parse_zones(whole.substr(0, i), "z")) << "truncated at " << i;
}

TEST(Zones, AMissingFileIsAnErrorWithItsName) {
  const auto zones = read_zones("/nowhere/zones.geojson");
  ASSERT_FALSE(zones);
  EXPECT_NE(said(zones)[0].find("/nowhere/zones.geojson"), std::string::npos);
}

TEST(Sirens, ReadInTheFilesOrder) {
  const auto sirens = parse_sirens(
      "sirens:\n"
      "  - {id: siren-01, zone: muara, name: Masjid Al-Amin, position: \"-12.0612,100.0395\"}\n"
      "  - {id: siren-02, zone: teluk, name: Dermaga, position: \"-12.051,100.09\"}\n",
      "s", testing::town());
  ASSERT_TRUE(sirens) << said(sirens)[0];
  EXPECT_EQ((*sirens)[0], (Siren{SirenId("siren-01"), ZoneId("muara"), "Masjid Al-Amin", {-12.0612, 100.0395}}));
  EXPECT_EQ((*sirens)[1].id, SirenId("siren-02"));
}

TEST(Sirens, AreHeardInTheirOwnZoneAndWhereTheFileSays) {
  const auto sirens = parse_sirens(
      "sirens:\n"
      "  - {id: siren-01, zone: teluk, name: A, position: \"-12,100\", heard_in: [muara]}\n"
      "  - {id: siren-02, zone: bukit, name: B, position: \"-12,100\"}\n",
      "s", testing::town());
  ASSERT_TRUE(sirens) << said(sirens)[0];
  using Heard = std::vector<ZoneId>;
  EXPECT_EQ(zones_in_hearing(*sirens, {"siren-01"}, testing::town()), (Heard{ZoneId("muara"), ZoneId("teluk")}));
  EXPECT_EQ(zones_in_hearing(*sirens, {"siren-02", "siren-02"}, testing::town()), Heard{ZoneId("bukit")});
  EXPECT_EQ(zones_in_hearing(*sirens, {"siren-09"}, testing::town()), Heard{}) << "it stands there no more";
  EXPECT_EQ(said(parse_sirens("sirens:\n  - {id: a, zone: teluk, name: A, position: \"-12,100\", heard_in: [mura]}\n",
                              "s", testing::town()))
                .size(),
            1u);
}

TEST(Sirens, EveryMistakeAtOnce) {
  EXPECT_EQ(said(parse_sirens("sirens:\n"
                              "  - {id: siren-01, zone: muara, name: A, position: \"-12,100\"}\n"
                              "  - {id: siren-01, zone: mura, name: B, position: \"100,-12\"}\n"
                              "  - {id: siren/+, zone: teluk, position: here, volume: 11}\n",
                              "s", testing::town())),
            (Lines{"s:3:26: sirens[1].zone: there is no zone \"mura\"; did you mean muara?",
                   "s:3:51: sirens[1].position: expected latitude,longitude in degrees, found \"100,-12\"",
                   "s:3:5: sirens[1].id: siren \"siren-01\" is given twice",
                   "s:4:10: sirens[2].id: expected small letters, digits and hyphens (at most 32), found \"siren/+\"",
                   "s:4:5: sirens[2].name: missing; expected text",
                   "s:4:42: sirens[2].position: expected latitude,longitude in degrees, found \"here\"",
                   "s:4:48: sirens[2].volume: unknown key"}));
  EXPECT_EQ(said(parse_sirens("sirens: 5\n", "s", testing::town())),
            Lines{"s:1:9: sirens: expected a list, found \"5\""});
}

}  // namespace
}  // namespace broadcaster::alert
