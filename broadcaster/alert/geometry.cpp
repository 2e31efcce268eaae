#include "broadcaster/alert/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace broadcaster::alert {
namespace {

constexpr double earth_km = 6371.0088;
constexpr double radians = std::numbers::pi / 180;

/// A difference of longitudes the short way round: -180 to 180.
double short_way(double degrees) { return std::remainder(degrees, 360.0); }

/// On a plane that goes on beyond ±180.
struct Flat {
  double x = 0, y = 0;
};

struct Box {
  double west = 0, east = 0, south = 0, north = 0;
};

std::vector<Flat> unrolled(const Polygon& polygon) {
  std::vector<Flat> out;
  out.reserve(polygon.size() + 1);
  double x = polygon.empty() ? 0 : polygon[0].longitude;
  double before = x;
  for (const auto& p : polygon) {
    x += short_way(p.longitude - before);
    before = p.longitude;
    out.push_back({x, p.latitude});
  }
  if (!out.empty() && (out.front().x != out.back().x || out.front().y != out.back().y)) out.push_back(out.front());
  return out;
}

Box box_of(const std::vector<Flat>& ring) {
  Box box{ring[0].x, ring[0].x, ring[0].y, ring[0].y};
  for (const auto& p : ring) {
    box.west = std::min(box.west, p.x);
    box.east = std::max(box.east, p.x);
    box.south = std::min(box.south, p.y);
    box.north = std::max(box.north, p.y);
  }
  return box;
}

bool overlap(const Box& a, const Box& b) {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

/// Positive: c lies left of the way from a to b.
double side(const Flat& a, const Flat& b, const Flat& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool on_edge(const Flat& a, const Flat& b, const Flat& p) {
  return side(a, b, p) == 0 && p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) &&
         p.y <= std::max(a.y, b.y);
}

bool inside(const std::vector<Flat>& ring, const Flat& p) {
  bool in = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const auto& a = ring[i];
    const auto& b = ring[i + 1];
    if (on_edge(a, b, p)) return true;
    if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y)) in = !in;
  }
  return in;
}

struct Edge {
  Flat a, b;
  double west() const { return std::min(a.x, b.x); }
  double east() const { return std::max(a.x, b.x); }
};

bool cross(const Edge& e, const Edge& f) {
  if (std::max(e.a.y, e.b.y) < std::min(f.a.y, f.b.y) || std::max(f.a.y, f.b.y) < std::min(e.a.y, e.b.y)) return false;
  if (on_edge(e.a, e.b, f.a) || on_edge(e.a, e.b, f.b) || on_edge(f.a, f.b, e.a) || on_edge(f.a, f.b, e.b)) return true;
  return (side(e.a, e.b, f.a) > 0) != (side(e.a, e.b, f.b) > 0) &&
         (side(f.a, f.b, e.a) > 0) != (side(f.a, f.b, e.b) > 0);
}

/// The edges that lie in a box at all, from west to east.
std::vector<Edge> edges_in(const std::vector<Flat>& ring, double shift, const Box& box) {
  std::vector<Edge> out;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Edge edge{{ring[i].x + shift, ring[i].y}, {ring[i + 1].x + shift, ring[i + 1].y}};
    const Box own{edge.west(), edge.east(), std::min(edge.a.y, edge.b.y), std::max(edge.a.y, edge.b.y)};
    if (overlap(own, box)) out.push_back(edge);
  }
  std::ranges::sort(out, {}, &Edge::west);
  return out;
}

/// A sweep from west to east; only edges that are under the line at the same time are compared.
bool any_cross(const std::vector<Edge>& first, const std::vector<Edge>& second) {
  std::vector<const Edge*> open_first, open_second;
  const auto enter = [](const Edge& edge, std::vector<const Edge*>& own, std::vector<const Edge*>& others) {
    std::erase_if(others, [&](const Edge* other) { return other->east() < edge.west(); });
    own.push_back(&edge);
    return std::ranges::any_of(others, [&](const Edge* other) { return cross(edge, *other); });
  };
  auto a = first.begin();
  auto b = second.begin();
  while (a != first.end() || b != second.end()) {
    const bool take_first = b == second.end() || (a != first.end() && a->west() <= b->west());
    if (take_first ? enter(*a, open_first, open_second) : enter(*b, open_second, open_first)) return true;
    if (take_first)
      ++a;
    else
      ++b;
  }
  return false;
}

/// The nearest point to the origin on the way from a to b.
Flat nearest_to_origin(const Flat& a, const Flat& b) {
  const Flat way{b.x - a.x, b.y - a.y};
  const double length = way.x * way.x + way.y * way.y;
  const double t = length == 0 ? 0 : std::clamp(-(a.x * way.x + a.y * way.y) / length, 0.0, 1.0);
  return {a.x + t * way.x, a.y + t * way.y};
}

}  // namespace

double distance_km(const Point& a, const Point& b) {
  const double half_y = std::sin((b.latitude - a.latitude) * radians / 2);
  const double half_x = std::sin((b.longitude - a.longitude) * radians / 2);
  const double h = half_y * half_y + std::cos(a.latitude * radians) * std::cos(b.latitude * radians) * half_x * half_x;
  return 2 * earth_km * std::asin(std::min(1.0, std::sqrt(h)));
}

bool contains(const Polygon& polygon, const Point& point) {
  if (polygon.size() < 3) return false;
  const auto [south, north] = std::ranges::minmax(polygon, {}, &Point::latitude);
  if (point.latitude < south.latitude || point.latitude > north.latitude) return false;
  const auto ring = unrolled(polygon);
  for (const double turn : {0.0, 360.0, -360.0})
    if (inside(ring, {point.longitude + turn, point.latitude})) return true;
  return false;
}

bool contains(const Circle& circle, const Point& point) {
  return distance_km(circle.centre, point) <= circle.radius_km;
}

bool touch(const Polygon& a, const Polygon& b) {
  if (a.size() < 3 || b.size() < 3) return false;
  const auto first = unrolled(a), second = unrolled(b);
  const auto box = box_of(first);
  for (const double turn : {0.0, 360.0, -360.0}) {
    auto moved = box_of(second);
    moved.west += turn;
    moved.east += turn;
    if (!overlap(box, moved)) continue;
    // One corner each is enough: without a crossing, one lies in the other whole or not at all.
    if (inside(first, {second[0].x + turn, second[0].y}) || inside(second, {first[0].x - turn, first[0].y}))
      return true;
    if (any_cross(edges_in(first, 0, moved), edges_in(second, turn, box))) return true;
  }
  return false;
}

bool touch(const Circle& circle, const Polygon& polygon) {
  if (polygon.size() < 3) return false;
  if (contains(polygon, circle.centre)) return true;
  // A plane around the centre finds the nearest point of each edge; the globe says how far it is.
  const double narrow = std::max(std::cos(circle.centre.latitude * radians), 1e-9);
  const auto ring = unrolled(polygon);
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const double x = short_way(ring[i].x - circle.centre.longitude);
    const Flat a{x * narrow, ring[i].y - circle.centre.latitude};
    const Flat b{(x + ring[i + 1].x - ring[i].x) * narrow, ring[i + 1].y - circle.centre.latitude};
    const auto near = nearest_to_origin(a, b);
    if (contains(circle, {circle.centre.latitude + near.y, circle.centre.longitude + near.x / narrow})) return true;
  }
  return false;
}

}  // namespace broadcaster::alert
