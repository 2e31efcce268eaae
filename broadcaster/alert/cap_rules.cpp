#include "broadcaster/alert/cap_rules.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert {
namespace {

using base::Key;
using base::Text;

class Checker {
 public:
  Checker(const Alert& alert, base::WallTime now) : alert_(alert), now_(now) {}

  std::vector<Fault> run() {
    names();
    message_type();
    scope();
    for (std::size_t i = 0; i < alert_.infos.size(); ++i) info(alert_.infos[i], at("info", i));
    zones();
    return std::move(faults_);
  }

 private:
  void fault(std::string path, Text text) { faults_.push_back({std::move(path), std::move(text)}); }
  void missing(std::string path, std::string_view expected) {
    fault(std::move(path), {"base.missing", {{"expected", Key{std::string(expected)}}}});
  }
  static std::string at(std::string_view list, std::size_t index) {
    return std::string(list) + "[" + std::to_string(index) + "]";
  }

  // §3.2.1
  void names() {
    if (!alert_.identifier.empty() && !is_cap_name(alert_.identifier))
      fault("identifier", {"alert.bad_cap_name", {{"found", shown(alert_.identifier)}}});
    if (!alert_.sender.empty() && !is_cap_name(alert_.sender))
      fault("sender", {"alert.bad_cap_name", {{"found", shown(alert_.sender)}}});
  }

  // §3.2.1 msgType, references, note
  void message_type() {
    const bool refers = alert_.type != MessageType::alert;
    if (refers && alert_.references.empty())
      fault("references", {"alert.references_needed", {{"type", std::string(name(alert_.type))}}});
    if (alert_.type == MessageType::error && alert_.note.empty()) fault("note", {"alert.note_needed", {}});
    for (std::size_t i = 0; i < alert_.references.size(); ++i) reference(alert_.references[i], at("references", i));
    if (needs_info(alert_.type) && alert_.infos.empty()) missing("languages", "alert.expected_languages");
  }

  void reference(const Reference& r, const std::string& path) {
    const auto sent = base::parse_cap_time(r.sent);
    if (!is_cap_name(r.sender) || !is_cap_name(r.identifier) || !sent)
      return fault(path, {"alert.bad_reference", {{"found", shown(r.sender + "," + r.identifier + "," + r.sent)}}});
    if (r.sender == alert_.sender && r.identifier == alert_.identifier) fault(path, {"alert.reference_to_itself", {}});
    if (alert_.sent && *sent > *alert_.sent) fault(path, {"alert.reference_later", {{"found", shown(r.sent)}}});
  }

  // §3.2.1 scope, restriction, addresses
  void scope() {
    if (!alert_.restriction.empty() && alert_.scope != Scope::restricted)
      fault("restriction", {"alert.restriction_without_scope", {{"scope", std::string(name(alert_.scope))}}});
    if (alert_.scope == Scope::private_ && alert_.addresses.empty()) missing("addresses", "alert.expected_addresses");
    if (std::ranges::count(alert_.addresses, '"') % 2 != 0) fault("addresses", {"alert.quote_open", {}});
    if (std::ranges::count(alert_.incidents, '"') % 2 != 0) fault("incidents", {"alert.quote_open", {}});
  }

  // §3.2.2
  void info(const Info& info, const std::string& path) {
    if (info.categories.empty()) missing(path + ".category", "alert.expected_category");
    if (info.event.empty()) missing(path + ".event", "base.expected_text");
    twice(info.categories, path + ".category");
    twice(info.responses, path + ".responseType");
    times(info, path);
    if (!info.web.empty() && !is_absolute_uri(info.web))
      fault(path + ".web", {"alert.uri_relative", {{"found", shown(info.web)}}});
    for (std::size_t i = 0; i < info.resources.size(); ++i) resource(info.resources[i], path + "." + at("resource", i));
    for (std::size_t i = 0; i < info.areas.size(); ++i) area(info.areas[i], path + "." + at("area", i));
  }

  template <class E>
  void twice(const std::vector<E>& values, const std::string& path) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (std::find(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), values[i]) !=
          values.begin() + static_cast<std::ptrdiff_t>(i))
        return fault(path, {"alert.value_twice", {{"found", shown(name(values[i]))}}});
  }

  /// Nothing is sent after `expires`, so it must be there and must lie ahead.
  void times(const Info& info, const std::string& path) {
    if (!info.expires) return missing(path + ".expires", "alert.expected_time");
    const auto found = base::format_cap_time(*info.expires);
    const auto too_early = [&](std::string_view id, base::WallTime limit) {
      fault(path + ".expires", {std::string(id), {{"found", found}, {"limit", base::format_cap_time(limit)}}});
    };
    if (alert_.sent && *info.expires <= *alert_.sent) return too_early("alert.expires_before_sent", *alert_.sent);
    if (info.effective && *info.expires <= *info.effective)
      return too_early("alert.expires_before_effective", *info.effective);
    if (*info.expires <= now_) too_early("alert.expires_before_now", now_);
  }

  // §3.2.3
  void resource(const Resource& r, const std::string& path) {
    if (r.description.empty()) missing(path + ".resourceDesc", "base.expected_text");
    if (r.mime_type.find('/') == std::string::npos)
      fault(path + ".mimeType", {"alert.bad_mime_type", {{"found", shown(r.mime_type)}}});
    if (r.size_bytes && *r.size_bytes < 0) fault(path + ".size", {"alert.negative", {}});
    if (!r.uri.empty() && r.deref_uri.empty() && !is_absolute_uri(r.uri))
      fault(path + ".uri", {"alert.uri_relative", {{"found", shown(r.uri)}}});
  }

  // §3.2.4
  void area(const Area& area, const std::string& path) {
    if (area.description.empty()) missing(path + ".areaDesc", "base.expected_text");
    for (std::size_t i = 0; i < area.polygons.size(); ++i) polygon(area.polygons[i], path + "." + at("polygon", i));
    for (std::size_t i = 0; i < area.circles.size(); ++i)
      if (area.circles[i].radius_km < 0) fault(path + "." + at("circle", i), {"alert.negative", {}});
    if (area.ceiling_feet && !area.altitude_feet) fault(path + ".ceiling", {"alert.ceiling_without_altitude", {}});
    if (area.ceiling_feet && area.altitude_feet && *area.ceiling_feet < *area.altitude_feet)
      fault(path + ".ceiling", {"alert.ceiling_below_altitude", {}});
  }

  void polygon(const Polygon& polygon, const std::string& path) {
    if (polygon.size() < 4)
      fault(path, {"alert.polygon_short", {{"found", static_cast<std::int64_t>(polygon.size())}}});
    else if (polygon.front() != polygon.back())
      fault(path, {"alert.polygon_open", {}});
  }

  /// An alert without an area goes nowhere; it is never taken for "everywhere".
  void zones() {
    const bool drawn = std::ranges::any_of(alert_.infos, [](const Info& i) { return !i.areas.empty(); });
    if (needs_area(alert_.type) && alert_.zones.empty() && !drawn) fault("zones", {"alert.no_area", {}});
    std::set<ZoneId> seen;
    for (std::size_t i = 0; i < alert_.zones.size(); ++i)
      if (!seen.insert(alert_.zones[i].zone).second)
        fault(at("zones", i), {"alert.zone_twice", {{"zone", shown(alert_.zones[i].zone.value)}}});
  }

  const Alert& alert_;
  base::WallTime now_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> cap_faults(const Alert& alert, base::WallTime now) { return Checker(alert, now).run(); }

bool is_cap_name(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == ',' || c == '<' || c == '&';
  });
}

bool is_absolute_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!letter(text[0])) return false;
  const bool scheme = std::ranges::all_of(text.substr(0, colon), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  return scheme && std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

bool needs_info(MessageType type) { return type == MessageType::alert || type == MessageType::update; }

bool needs_area(MessageType type) {
  return type == MessageType::alert || type == MessageType::update || type == MessageType::cancel;
}

}  // namespace broadcaster::alert
