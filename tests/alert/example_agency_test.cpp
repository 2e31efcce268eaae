// The agency that comes with the product must be right: everything else is tried on it.
#include <gtest/gtest.h>

#include <algorithm>

#include "broadcaster/alert/agency.hpp"
#include "broadcaster/alert/lint.hpp"
#include "broadcaster/alert/sirens.hpp"
#include "tests/alert/support.hpp"
#include "tests/support/places.hpp"

namespace broadcaster::alert {
namespace {

using testing::Lines;
using testing::now;
using testing::said;

const std::string config = places::source("config/");

Zones zones() {
  auto z = read_zones(config + "zones.geojson");
  EXPECT_TRUE(z) << said(z)[0];
  return z.value_or(Zones{});
}

bool inside(const Point& p, const Polygon& polygon) {
  bool in = false;
  for (std::size_t i = 1; i < polygon.size(); ++i) {
    const auto &a = polygon[i - 1], &b = polygon[i];
    if ((a.latitude > p.latitude) != (b.latitude > p.latitude) &&
        p.longitude < (b.longitude - a.longitude) * (p.latitude - a.latitude) / (b.latitude - a.latitude) + a.longitude)
      in = !in;
  }
  return in;
}

TEST(ExampleAgency, AgencyAndZonesAreRight) {
  const auto agency = read_agency(config + "agency.yaml");
  ASSERT_TRUE(agency) << said(agency)[0];
  const auto z = zones();
  ASSERT_EQ(z.all().size(), 5u);
  for (const auto& zone : z.all()) {
    for (const auto& language : agency->languages) {
      EXPECT_TRUE(zone.names.contains(language.value)) << zone.id.value;
      EXPECT_TRUE(zone.short_names.contains(language.value)) << zone.id.value;
    }
    EXPECT_TRUE(agency->time_zone_names.contains(zone.time_zone)) << zone.id.value;
    for (const auto& neighbour : zone.neighbours) {
      const auto& back = z.find(neighbour)->neighbours;
      EXPECT_NE(std::ranges::find(back, zone.id), back.end()) << zone.id.value << " and " << neighbour.value;
    }
  }
}

TEST(ExampleAgency, TwentySirensStandInTheFourZonesOfTheCoast) {
  const auto z = zones();
  const auto sirens = read_sirens(config + "sirens.yaml", z);
  ASSERT_TRUE(sirens) << said(sirens)[0];
  EXPECT_EQ(sirens->size(), 20u);
  std::map<std::string, int> count;
  for (const auto& siren : *sirens) {
    ++count[siren.zone.value];
    EXPECT_TRUE(inside(siren.position, z.find(siren.zone)->polygons[0])) << siren.id.value;
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"muara", 5}, {"pasir", 5}, {"teluk", 5}, {"karang", 5}}));
}

TEST(ExampleAgency, ItsAlertsHaveNoFaults) {
  const auto z = zones();
  for (const auto& [file, status] :
       {std::pair{"tsunami-coast.yaml", Status::exercise}, std::pair{"tsunami-coast-live.yaml", Status::actual}}) {
    const auto alert = read_alert(config + "alerts/" + file, {.now = now, .zones = &z});
    ASSERT_TRUE(alert) << said(alert)[0];
    EXPECT_EQ(alert->status, status);
    EXPECT_EQ(alert->zones.size(), 4u);
    EXPECT_EQ(alert->infos.size(), 2u);
    EXPECT_TRUE(lint_alert(*alert, z, now).empty()) << file;
    EXPECT_TRUE(reachable_but_not_alerted(*alert, z).empty());
  }
}

}  // namespace
}  // namespace broadcaster::alert
