#include "broadcaster/alert/shelters.hpp"

#include <gtest/gtest.h>

#include "tests/alert/support.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::alert {
namespace {

using testing::said;

std::string feature(const std::string& id, const std::string& more, const std::string& at) {
  return R"({"type":"Feature","properties":{"id":")" + id + R"(","names":{"id":"Balai"},"capacity":10,)" + more +
         R"(},"geometry":{"type":"Point","coordinates":)" + at + "}}";
}

std::string file(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

base::Checked<std::vector<Shelter>> parse(const std::string& features) {
  return parse_shelters(file(features), "shelters.geojson");
}

Zones map() {
  auto zone = testing::place("muara", "Muara", 100, {"tsunami"});
  zone.polygons = {{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}};
  return Zones({zone});
}

Alert of_muara() {
  Alert alert;
  alert.zones = {{ZoneId("muara"), {}}};
  return alert;
}

TEST(Shelters, OneInsideAnAlertedZoneIsInDangerUnlessItIsBuiltForIt) {
  const auto read = parse(feature("low", R"("kind":"ground")", "[0.5, 0.5]") + "," +
                          feature("tower", R"("kind":"vertical","floor_metres":12)", "[0.5, 0.5]") + "," +
                          feature("hill", R"("kind":"ground","open_at_night":true)", "[5, 5]"));
  ASSERT_TRUE(read) << said(read)[0];
  const auto inside = shelters_in_danger(*read, of_muara(), map());
  ASSERT_EQ(inside.size(), 1u);
  EXPECT_EQ(inside[0]->id, "low");
  EXPECT_TRUE(shelters_in_danger(*read, Alert(), map()).empty());
  EXPECT_EQ((*read)[2].night, Shelter::Night::open);
  EXPECT_EQ((*read)[0].night, Shelter::Night::unknown);
}

TEST(Shelters, AShapeThatTheAlertDrawsIsDangerToo) {
  const auto read = parse(feature("hill", R"("kind":"ground")", "[5, 5]"));
  auto alert = of_muara();
  alert.infos.resize(1);
  alert.infos[0].areas.resize(1);
  alert.infos[0].areas[0].circles = {{{5, 5}, 1}};
  EXPECT_EQ(shelters_in_danger(*read, alert, map()).size(), 1u);
}

TEST(Shelters, NoFileIsNoShelterAndEveryMistakeHasItsPath) {
  EXPECT_TRUE(read_shelters("/nowhere/shelters.geojson").value().empty());
  struct Case {
    std::string features;
    std::string says;
  };
  const Case cases[] = {
      {feature("a", R"("kind":"tall")", "[0, 0]"), "features[0].properties.kind"},
      {feature("a", R"("kind":"ground")", "[0, 99]"), "features[0].geometry.coordinates"},
      {feature("A b", R"("kind":"ground")", "[0, 0]"), "features[0].properties.id"},
      {feature("a", R"("kind":"ground")", "[0, 0]") + "," + feature("a", R"("kind":"ground")", "[0, 0]"), "twice"},
      {feature("a", R"("kind":"ground","open_at_night":"yes")", "[0, 0]"), "open_at_night"},
      {feature("a", R"("kind":"ground","size":1)", "[0, 0]"), "size"},
  };
  for (const auto& test : cases) {
    const auto read = parse(test.features);
    ASSERT_FALSE(read) << test.says;
    EXPECT_NE(said(read)[0].find(test.says), std::string::npos) << said(read)[0];
  }
}

TEST(Shelters, TheExampleOnesAreGood) {
  const auto read = read_shelters(places::source("config/shelters.geojson"));
  ASSERT_TRUE(read) << said(read)[0];
  EXPECT_EQ(read->size(), 3u);
}

}  // namespace
}  // namespace broadcaster::alert
