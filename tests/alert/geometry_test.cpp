// Points, polygons and circles, and which zones they mean.
#include "broadcaster/alert/geometry.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <numbers>

#include "broadcaster/alert/lint.hpp"
#include "broadcaster/alert/touched.hpp"
#include "tests/alert/support.hpp"

namespace broadcaster::alert {
namespace {

Polygon box(double south, double west, double north, double east) {
  return {{south, west}, {south, east}, {north, east}, {north, west}, {south, west}};
}

/// A coast with bays: `corners` corners around a centre, in and out.
Polygon star(Point centre, double radius, int corners) {
  Polygon out;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    const double r = i % 2 == 0 ? radius : radius * 0.8;
    out.push_back({centre.latitude + r * std::sin(angle), centre.longitude + r * std::cos(angle)});
  }
  out.push_back(out.front());
  return out;
}

TEST(Contains, APointInsideOrOnTheLineIsIn) {
  const auto square = box(-12, 100, -11, 101);
  EXPECT_TRUE(contains(square, {-11.5, 100.5}));
  EXPECT_TRUE(contains(square, {-12, 100})) << "a corner";
  EXPECT_TRUE(contains(square, {-11.5, 100})) << "the line";
  EXPECT_FALSE(contains(square, {-11.5, 101.0001}));
  EXPECT_FALSE(contains(square, {-12.0001, 100.5}));
  EXPECT_FALSE(contains(Polygon{}, {0, 0}));
  EXPECT_FALSE(contains(Polygon{{0, 0}, {0, 0}}, {0, 0})) << "no polygon at all";
}

TEST(Contains, ABayIsOutside) {
  const Polygon horseshoe{{0, 0}, {0, 10}, {10, 10}, {10, 7}, {3, 7}, {3, 3}, {10, 3}, {10, 0}, {0, 0}};
  EXPECT_FALSE(contains(horseshoe, {8, 5}));
  EXPECT_TRUE(contains(horseshoe, {1, 5}));
}

TEST(Contains, TheAntimeridianIsALineLikeAnother) {
  const auto fiji = Polygon{{-18, 179}, {-18, -179}, {-16, -179}, {-16, 179}, {-18, 179}};
  EXPECT_TRUE(contains(fiji, {-17, 179.5}));
  EXPECT_TRUE(contains(fiji, {-17, -179.5}));
  EXPECT_TRUE(contains(fiji, {-17, 180}));
  EXPECT_TRUE(contains(fiji, {-17, -180}));
  EXPECT_FALSE(contains(fiji, {-17, 0})) << "the long way round the world";
  EXPECT_FALSE(contains(fiji, {-17, 178.9}));
}

TEST(Contains, ACircleHasAGreatCircleRadius) {
  const Circle circle{{-12, 100}, 10};
  EXPECT_TRUE(contains(circle, {-12, 100}));
  EXPECT_TRUE(contains(circle, {-12.0899, 100})) << "a degree of latitude is 111.2 km";
  EXPECT_FALSE(contains(circle, {-12.0901, 100}));
  EXPECT_TRUE(contains(Circle{{0, 180}, 30}, {0, -179.8})) << "over the antimeridian";
  EXPECT_TRUE(contains(Circle{{5, 6}, 0}, {5, 6})) << "radius 0 is a point (CAP §3.2.4)";
}

TEST(Touch, PolygonsTouchByCornerEdgeOrInside) {
  const auto square = box(0, 0, 2, 2);
  EXPECT_TRUE(touch(square, box(0.5, 0.5, 1, 1))) << "inside";
  EXPECT_TRUE(touch(box(0.5, 0.5, 1, 1), square)) << "around";
  EXPECT_TRUE(touch(square, box(0.9, -5, 1.1, 5))) << "a bar across, no corner in the other";
  EXPECT_TRUE(touch(square, box(2, 2, 3, 3))) << "one corner";
  EXPECT_TRUE(touch(square, box(0, 2, 2, 4))) << "one edge";
  EXPECT_FALSE(touch(square, box(2.001, 0, 3, 2)));
  EXPECT_FALSE(touch(Polygon{}, square));
  const Polygon horseshoe{{0, 0}, {0, 10}, {10, 10}, {10, 7}, {3, 7}, {3, 3}, {10, 3}, {10, 0}, {0, 0}};
  EXPECT_FALSE(touch(horseshoe, box(5, 4, 9, 6))) << "in the bay";
}

TEST(Touch, AcrossTheAntimeridian) {
  const auto fiji = Polygon{{-18, 179}, {-18, -179}, {-16, -179}, {-16, 179}, {-18, 179}};
  EXPECT_TRUE(touch(fiji, box(-17.5, -179.9, -17, -178)));
  EXPECT_TRUE(touch(box(-17.5, -179.9, -17, -178), fiji));
  EXPECT_TRUE(touch(fiji, box(-17.5, 178, -17, 179.1)));
  EXPECT_FALSE(touch(fiji, box(-17.5, 0, -17, 1)));
  EXPECT_TRUE(touch(Circle{{-17, 178.9}, 20}, fiji));
  EXPECT_TRUE(touch(Circle{{-17, -178.9}, 20}, fiji));
}

TEST(Touch, ACircleTouchesByItsNearestPoint) {
  const auto square = box(0, 0, 1, 1);
  EXPECT_TRUE(touch(Circle{{0.5, 0.5}, 0}, square)) << "a point inside";
  EXPECT_TRUE(touch(Circle{{0.5, 1.5}, 56}, square)) << "half a degree is 55.6 km";
  EXPECT_FALSE(touch(Circle{{0.5, 1.5}, 55}, square));
  EXPECT_TRUE(touch(Circle{{0.5, 0.5}, 1000}, square)) << "around";
}

// The sweep against the plain comparison of all edges.
TEST(Touch, TheSweepSaysWhatAllPairsSay) {
  for (int i = 0; i < 200; ++i) {
    const auto a = star({0, 0}, 1, 5 + i % 17);
    const auto b = star({std::sin(i) * 2, std::cos(i * 1.7) * 2}, 0.3 + (i % 5) * 0.3, 4 + i % 13);
    bool any = false;
    for (const auto& corner : a) any = any || contains(b, corner);
    for (const auto& corner : b) any = any || contains(a, corner);
    for (int t = 0; t <= 100 && !any; ++t)
      for (std::size_t e = 0; e + 1 < a.size() && !any; ++e)
        any = contains(b, {a[e].latitude + (a[e + 1].latitude - a[e].latitude) * t / 100,
                           a[e].longitude + (a[e + 1].longitude - a[e].longitude) * t / 100});
    if (any) EXPECT_TRUE(touch(a, b)) << i;
    EXPECT_EQ(touch(a, b), touch(b, a)) << i;
  }
}

TEST(Touch, TenThousandCornersOnBothSidesTakeMilliseconds) {
  const auto a = star({0, 0}, 1, 10'000);
  const auto apart = star({0, 1.9}, 0.89, 10'000);
  const auto near = star({0, 1.9}, 0.91, 10'000);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(touch(a, apart));
  EXPECT_TRUE(touch(a, near));
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took, std::chrono::seconds(1));
}

// ── zones ──

Zones map() {
  auto zones = testing::town().all();
  zones[0].polygons = {box(-12, 100, -11, 101)};  // muara
  zones[0].geocodes = {{"adm4", "99.01"}};
  zones[1].polygons = {box(-12, 101, -11, 102)};  // teluk
  zones[1].geocodes = {{"adm4", "99.02"}};
  zones[2].polygons = {box(-14, 100, -13, 101), box(20, 20, 21, 21)};  // bukit, and an island of it
  return Zones(std::move(zones));
}

using Touches = std::vector<TouchedZone>;
const ZoneId muara("muara"), teluk("teluk"), bukit("bukit");

TEST(ZonesTouched, ByTheirShapes) {
  const std::vector<Area> wide{{"x", {box(-13, 99, -10, 101.5)}, {}, {}, {}, {}}};
  EXPECT_TRUE(covers(wide, map().all()[0]));
  EXPECT_FALSE(covers(wide, map().all()[1])) << "its east lies outside";
  EXPECT_EQ(zones_touched({{"x", {box(-13, 99, -10, 101.5)}, {}, {}, {}, {}}}, map()),
            (Touches{{muara, Touch::shape}, {teluk, Touch::shape}, {bukit, Touch::shape}}));
  EXPECT_EQ(zones_touched({{"x", {}, {{{20.5, 20.5}, 1}}, {}, {}, {}}}, map()), (Touches{{bukit, Touch::shape}}));
  EXPECT_EQ(zones_at({-11.5, 101}, map()), (std::vector{muara, teluk})) << "on the border of both";
}

TEST(ZonesTouched, AGeocodeCountsWhereThereIsNoShape) {
  Area area{"x", {}, {}, {{"adm4", "99.02"}}, {}, {}};
  EXPECT_EQ(zones_touched({area}, map()), (Touches{{teluk, Touch::geocode}}));
  area.polygons = {box(-11.5, 100.2, -11.4, 100.3)};
  EXPECT_EQ(zones_touched({area}, map()), (Touches{{muara, Touch::shape}})) << "the shape says it exactly";
  EXPECT_EQ(zones_touched({{"x", {}, {}, {{"SAME", "99.02"}}, {}, {}}}, map()), Touches{}) << "another system's code";
}

TEST(ZonesTouched, AnEmptyAreaNeverWidens) {
  EXPECT_EQ(zones_touched({}, map()), Touches{});
  EXPECT_EQ(zones_touched({{"everywhere", {}, {}, {}, {}, {}}}, map()), Touches{});
}

TEST(ZonesTouched, WhatTheHazardTouchesAndNobodyAlertsIsSaid) {
  Alert alert;
  alert.hazard = "landslide";
  alert.infos.resize(2);
  for (auto& info : alert.infos) info.areas = {{"x", {box(-12, 100.5, -11, 101.5)}, {}, {}, {}, {}}};
  alert.zones = {{muara, {}}};
  EXPECT_EQ(drawn_areas(alert).size(), 1u) << "two languages, one place";
  EXPECT_EQ(reachable_but_not_alerted(alert, map()), (std::vector{teluk, bukit}))
      << "teluk by the polygon, bukit by its hazards";
}

}  // namespace
}  // namespace broadcaster::alert
