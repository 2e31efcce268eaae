// Points, polygons and circles on the globe, as alerts draw them: small enough that an edge is a straight line of
// latitude and longitude (CAP §3.3.4 says no more), anywhere, the antimeridian too.
//
// An edge goes the short way round: from 179° to -179° are two degrees. A boundary belongs to its area: who stands on
// the line is in. Cost: contains() one pass; touch() about n log n for edges that are short beside their polygon.
// Thread rule: pure functions.
#pragma once

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert {

/// Great circle, on a globe of 6371.0088 km (the mean radius, IUGG).
double distance_km(const Point& a, const Point& b);

/// Even-odd rule. A polygon of fewer than three corners contains nothing.
bool contains(const Polygon& polygon, const Point& point);
bool contains(const Circle& circle, const Point& point);

/// Whether they share a point.
bool touch(const Polygon& a, const Polygon& b);
bool touch(const Circle& circle, const Polygon& polygon);

}  // namespace broadcaster::alert
