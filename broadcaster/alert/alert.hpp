// A CAP 1.2 alert, whole: every element of the standard is here from the start.
//
// What release stamps is optional until then: identifier, sent, and (in a follow-up) references. An alert file names
// zones by id; `zones` is ours, and becomes CAP `area` on the way out. Thread rule: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::alert {

/// CAP valueName/value pair (eventCode, parameter, geocode).
struct NamedValue {
  std::string name;
  std::string value;
  bool operator==(const NamedValue&) const = default;
};

/// Degrees, WGS 84. CAP §3.2.4: polygons have at least four pairs, the last equal to the first.
struct Point {
  double latitude = 0;
  double longitude = 0;
  bool operator==(const Point&) const = default;
};
using Polygon = std::vector<Point>;

struct Circle {
  Point centre;
  double radius_km = 0;
  bool operator==(const Circle&) const = default;
};

/// CAP §3.2.4
struct Area {
  std::string description;
  std::vector<Polygon> polygons;
  std::vector<Circle> circles;
  std::vector<NamedValue> geocodes;
  std::optional<double> altitude_feet;
  std::optional<double> ceiling_feet;  ///< requires an altitude
  bool operator==(const Area&) const = default;
};

/// 2^53−1: the largest whole number of canonical JSON.
constexpr std::int64_t max_size = 9'007'199'254'740'991;

/// CAP §3.2.3
struct Resource {
  std::string description;
  std::string mime_type;
  std::optional<std::int64_t> size_bytes;
  std::string uri;
  std::string deref_uri;
  std::string digest;
  bool operator==(const Resource&) const = default;
};

/// CAP §3.2.2, one a language.
struct Info {
  Language language{"en"};
  std::vector<Category> categories;
  std::string event;
  std::vector<ResponseType> responses;
  Urgency urgency = Urgency::unknown;
  Severity severity = Severity::unknown;
  Certainty certainty = Certainty::unknown;
  std::string audience;
  std::vector<NamedValue> event_codes;
  std::optional<base::WallTime> effective;
  std::optional<base::WallTime> onset;
  std::optional<base::WallTime> expires;
  std::string sender_name;
  std::string headline;
  std::string description;
  std::string instruction;
  std::string web;
  std::string contact;
  std::vector<NamedValue> parameters;
  std::vector<Resource> resources;
  std::vector<Area> areas;
  /// Ours, in a planned all-clear: it speaks to the zones with this answer alone. Nothing: to all.
  std::optional<Ending> ending = std::nullopt;
  bool operator==(const Info&) const = default;
};

/// CAP §3.2.1 `references`: the three values must equal the referenced alert's, letter for letter.
struct Reference {
  std::string sender;
  std::string identifier;
  std::string sent;
  bool operator==(const Reference&) const = default;
};

/// Ours: a zone that the alert names, with what is known of its own times.
struct ZoneOrder {
  ZoneId zone;
  std::optional<base::WallTime> onset;          ///< when the hazard reaches this zone, where it differs from info.onset
  std::optional<Ending> ending = std::nullopt;  ///< in an all-clear: may its people return?
  bool operator==(const ZoneOrder&) const = default;
};

struct Alert {
  std::string identifier;  ///< empty until release
  std::string sender;
  std::optional<base::WallTime> sent;  ///< empty until release
  Status status = Status::draft;
  MessageType type = MessageType::alert;
  std::string source;
  Scope scope = Scope::public_;
  std::string restriction;  ///< only with Scope::restricted
  std::string addresses;    ///< required with Scope::private_
  std::vector<std::string> codes;
  std::string note;
  std::vector<Reference> references;
  std::string incidents;
  std::vector<Info> infos;

  // Ours.
  std::string hazard;  ///< folder under templates/, as "tsunami"
  std::string level;   ///< agency's own level, as "AWAS"; empty where it has none
  std::vector<ZoneOrder> zones;
  /// Values for the template's slots that only a person can know, by name (texts, as a person typed them).
  std::vector<NamedValue> slots;
  /// Of an all-clear (all_clear.hpp): who or what says that it is over, and when. Else empty.
  std::string confirmation;
  bool operator==(const Alert&) const = default;
};

}  // namespace broadcaster::alert
