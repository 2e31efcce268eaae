#include "broadcaster/alert/cap/read_info.hpp"

#include <charconv>

#include "broadcaster/alert/cap/lenient.hpp"
#include "broadcaster/alert/cap/parts.hpp"
#include "broadcaster/alert/yaml_values.hpp"

namespace broadcaster::alert::cap {
namespace {

std::string item(const std::string& path, std::size_t index) { return path + "[" + std::to_string(index) + "]"; }

std::vector<NamedValue> named_values(Parts& parts, std::string_view name, Notes& notes) {
  std::vector<NamedValue> out;
  for (const auto* element : parts.all(name)) {
    const auto path = item(parts.path_of(name), out.size());
    Parts pair(*element, path, pair_rules(), notes);
    NamedValue value{pair.text("valueName"), pair.text("value")};
    if (value.name.empty() || value.value.empty())
      parts.lost(element->line, path, "cap.half_a_pair", value.name.empty() ? value.value : value.name);
    else
      out.push_back(std::move(value));
  }
  return out;
}

template <class E>
void words(Parts& parts, std::string_view name, std::string_view instead, std::vector<E>& out) {
  for (const auto* element : parts.all(name)) {
    const auto path = parts.path_of(name);
    const auto value = parts.word<E>(*element, path, instead);
    if (value && std::ranges::find(out, *value) == out.end()) out.push_back(*value);
  }
}

std::optional<double> decimal(Parts& parts, std::string_view name) {
  const auto* element = parts.one(name);
  if (!element) return std::nullopt;
  double value = 0;
  if (parse_decimal(trimmed(element->text), value)) return value;
  parts.lost(element->line, parts.path_of(name), "cap.unreadable_number", trimmed(element->text));
  return std::nullopt;
}

std::optional<std::int64_t> size_of(Parts& parts) {
  const auto* element = parts.one("size");
  if (!element) return std::nullopt;
  const auto text = trimmed(element->text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= max_size) return value;
  parts.lost(element->line, parts.path_of("size"), "cap.unreadable_number", text);
  return std::nullopt;
}

// CAP §3.2.3
Resource read_resource(const Element& element, const std::string& path, Notes& notes) {
  Parts parts(element, path, resource_rules(), notes);
  Resource out;
  out.description = parts.text("resourceDesc");
  if (out.description.empty()) {
    out.description = "-";
    notes.add(NoteKind::repaired, element.line, parts.path_of("resourceDesc"), {"cap.missing", {{"made", "-"}}});
  }
  out.mime_type = parts.text("mimeType");
  if (out.mime_type.find('/') == std::string::npos) {
    // CAP 1.1 let it out. RFC 2046 §4.5.1: what is not known is octets.
    constexpr auto octets = "application/octet-stream";
    notes.add(NoteKind::repaired, element.line, parts.path_of("mimeType"),
              out.mime_type.empty() ? base::Text{"cap.missing", {{"made", octets}}}
                                    : base::Text{"cap.repaired", {{"found", shown(out.mime_type)}, {"made", octets}}});
    out.mime_type = octets;
  }
  out.size_bytes = size_of(parts);
  out.uri = parts.text("uri");
  out.deref_uri = parts.text("derefUri");
  out.digest = parts.text("digest");
  return out;
}

template <class Shape>
void shapes(Parts& parts, std::string_view name, std::optional<Lenient<Shape>> (*read)(std::string_view),
            std::string (*made)(const Shape&), std::vector<Shape>& out) {
  for (const auto* element : parts.all(name)) {
    const auto path = item(parts.path_of(name), out.size());
    auto shape = read(element->text);
    if (!shape) {
      parts.lost(element->line, path, "cap.unreadable_shape", trimmed(element->text));
      continue;
    }
    if (shape->care == Care::repaired)
      parts.repaired(element->line, path, shown(trimmed(element->text)), made(shape->value));
    out.push_back(std::move(shape->value));
  }
}

std::string made_of(const Polygon& polygon) {
  return format_position(polygon.front()) + " … (" + std::to_string(polygon.size()) + ")";
}
std::string made_of_circle(const Circle& circle) {
  return format_position(circle.centre) + " " + format_decimal(circle.radius_km);
}

// CAP §3.2.4
Area read_area(const Element& element, const std::string& path, Notes& notes) {
  Parts parts(element, path, area_rules(), notes);
  Area out;
  out.description = parts.text("areaDesc");
  if (out.description.empty()) {
    out.description = "-";
    notes.add(NoteKind::repaired, element.line, parts.path_of("areaDesc"), {"cap.missing", {{"made", "-"}}});
  }
  shapes<Polygon>(parts, "polygon", lenient_polygon, made_of, out.polygons);
  shapes<Circle>(parts, "circle", lenient_circle, made_of_circle, out.circles);
  out.geocodes = named_values(parts, "geocode", notes);
  out.altitude_feet = decimal(parts, "altitude");
  out.ceiling_feet = decimal(parts, "ceiling");
  if (out.ceiling_feet && !out.altitude_feet) {
    parts.lost(element.line, parts.path_of("ceiling"), "cap.ceiling_alone", format_decimal(*out.ceiling_feet));
    out.ceiling_feet.reset();
  }
  return out;
}

/// CAP §3.2.2: without a language it is en-US, whatever language the text is in; so it is said.
Language language_of(Parts& parts) {
  const auto text = parts.text("language");
  if (is_language(text)) return Language(text);
  parts.repaired(parts.line(), parts.path_of("language"), shown(text), "en-US");
  return Language("en-US");
}

}  // namespace

std::optional<base::WallTime> read_time(const Element& element, const std::string& path, Notes& notes) {
  const auto time = lenient_time(element.text);
  if (!time) {
    notes.add(NoteKind::lost, element.line, path, {"cap.unreadable_time", {{"found", shown(trimmed(element.text))}}});
    return std::nullopt;
  }
  if (time->care == Care::repaired)
    notes.add(
        NoteKind::repaired, element.line, path,
        {"cap.repaired", {{"found", shown(trimmed(element.text))}, {"made", base::format_cap_time(time->value)}}});
  return time->value;
}

Info read_info(const Element& element, const std::string& path, Notes& notes) {
  Parts parts(element, path, info_rules(), notes);
  const auto time = [&](std::string_view name) -> std::optional<base::WallTime> {
    const auto* found = parts.one(name);
    if (!found) return std::nullopt;
    return read_time(*found, parts.path_of(name), notes);
  };
  Info out;
  out.language = language_of(parts);
  words<Category>(parts, "category", "Other", out.categories);
  if (out.categories.empty()) {
    out.categories = {Category::other};
    notes.add(NoteKind::repaired, element.line, parts.path_of("category"), {"cap.missing", {{"made", "Other"}}});
  }
  out.event = parts.text("event");
  words<ResponseType>(parts, "responseType", "–", out.responses);
  out.urgency = parts.word<Urgency>("urgency", Urgency::unknown);
  out.severity = parts.word<Severity>("severity", Severity::unknown);
  out.certainty = parts.word<Certainty>("certainty", Certainty::unknown);
  out.audience = parts.text("audience");
  out.event_codes = named_values(parts, "eventCode", notes);
  out.effective = time("effective");
  out.onset = time("onset");
  out.expires = time("expires");
  out.sender_name = parts.text("senderName");
  out.headline = parts.text("headline");
  out.description = parts.text("description");
  out.instruction = parts.text("instruction");
  out.web = parts.text("web");
  out.contact = parts.text("contact");
  out.parameters = named_values(parts, "parameter", notes);
  std::size_t index = 0;
  for (const auto* resource : parts.all("resource"))
    out.resources.push_back(read_resource(*resource, item(parts.path_of("resource"), index++), notes));
  index = 0;
  for (const auto* area : parts.all("area"))
    out.areas.push_back(read_area(*area, item(parts.path_of("area"), index++), notes));
  return out;
}

}  // namespace broadcaster::alert::cap
