#include "broadcaster/alert/alert_json.hpp"

#include <boost/json.hpp>

#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert {
namespace {

namespace json = boost::json;

// Out.

void put(json::object& out, std::string_view key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}
void put(json::object& out, std::string_view key, const std::optional<base::WallTime>& time) {
  if (time) out[key] = base::format_utc(*time);
}
void put(json::object& out, std::string_view key, const std::optional<double>& number) {
  if (number) out[key] = format_decimal(*number);
}

template <class T, class One>
void put_list(json::object& out, std::string_view key, const std::vector<T>& items, One one) {
  if (items.empty()) return;
  json::array list;
  for (const auto& item : items) list.push_back(one(item));
  out[key] = std::move(list);
}

template <class E>
json::value word(const E& value) {
  return json::value(name(value));
}

json::value named_value(const NamedValue& v) { return {{"valueName", v.name}, {"value", v.value}}; }
json::value point(const Point& p) { return {format_decimal(p.latitude), format_decimal(p.longitude)}; }
json::value circle(const Circle& c) {
  return {{"centre", point(c.centre)}, {"radius_km", format_decimal(c.radius_km)}};
}

json::value polygon(const Polygon& p) {
  json::array out;
  for (const auto& corner : p) out.push_back(point(corner));
  return out;
}

json::value area(const Area& a) {
  json::object out;
  put(out, "areaDesc", a.description);
  put_list(out, "polygon", a.polygons, polygon);
  put_list(out, "circle", a.circles, circle);
  put_list(out, "geocode", a.geocodes, named_value);
  put(out, "altitude", a.altitude_feet);
  put(out, "ceiling", a.ceiling_feet);
  return out;
}

json::value resource(const Resource& r) {
  json::object out;
  put(out, "resourceDesc", r.description);
  put(out, "mimeType", r.mime_type);
  if (r.size_bytes) out["size"] = *r.size_bytes;
  put(out, "uri", r.uri);
  put(out, "derefUri", r.deref_uri);
  put(out, "digest", r.digest);
  return out;
}

json::value info(const Info& i) {
  json::object out;
  out["language"] = i.language.value;
  put_list(out, "category", i.categories, word<Category>);
  put(out, "event", i.event);
  put_list(out, "responseType", i.responses, word<ResponseType>);
  out["urgency"] = name(i.urgency);
  out["severity"] = name(i.severity);
  out["certainty"] = name(i.certainty);
  put(out, "audience", i.audience);
  put_list(out, "eventCode", i.event_codes, named_value);
  put(out, "effective", i.effective);
  put(out, "onset", i.onset);
  put(out, "expires", i.expires);
  put(out, "senderName", i.sender_name);
  put(out, "headline", i.headline);
  put(out, "description", i.description);
  put(out, "instruction", i.instruction);
  put(out, "web", i.web);
  put(out, "contact", i.contact);
  put_list(out, "parameter", i.parameters, named_value);
  put_list(out, "resource", i.resources, resource);
  put_list(out, "area", i.areas, area);
  if (i.ending) out["return"] = name(*i.ending);
  return out;
}

json::value reference(const Reference& r) {
  return {{"sender", r.sender}, {"identifier", r.identifier}, {"sent", r.sent}};
}

json::value zone_order(const ZoneOrder& z) {
  json::object out;
  out["zone"] = z.zone.value;
  put(out, "onset", z.onset);
  if (z.ending) out["return"] = name(*z.ending);
  return out;
}

// In.

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  base::Result<Alert> run(const json::value& value) {
    auto out = read_alert(value);
    if (!errors_.empty()) return std::unexpected(std::move(errors_.front()));
    return out;
  }

 private:
  Alert read_alert(const json::value& value) {
    JsonFields f(value, "", file_, errors_);
    Alert out;
    out.identifier = text(f, "identifier");
    out.sender = text(f, "sender");
    out.sent = time(f, "sent");
    out.status = f.choice<Status>("status", choices<Status>());
    out.type = f.choice<MessageType>("msgType", choices<MessageType>());
    out.source = text(f, "source");
    out.scope = f.choice<Scope>("scope", choices<Scope>());
    out.restriction = text(f, "restriction");
    out.addresses = text(f, "addresses");
    out.codes = f.maybe_texts("code");
    out.note = text(f, "note");
    each(f, "references", out.references, [&](const json::value& v, const std::string& path) {
      JsonFields r(v, path, file_, errors_);
      Reference reference;
      reference.sender = r.text("sender");
      reference.identifier = r.text("identifier");
      reference.sent = r.text("sent");
      return reference;
    });
    out.incidents = text(f, "incidents");
    each(f, "info", out.infos, [&](const json::value& v, const std::string& path) { return read_info(v, path); });
    out.hazard = text(f, "hazard");
    out.level = text(f, "level");
    each(f, "zones", out.zones, [&](const json::value& v, const std::string& path) {
      JsonFields z(v, path, file_, errors_);
      ZoneOrder order;
      order.zone = ZoneId(z.text("zone"));
      order.onset = time(z, "onset");
      order.ending = ending(z);
      return order;
    });
    named_values(f, "slots", out.slots);
    out.confirmation = text(f, "confirmation");
    return out;
  }

  Info read_info(const json::value& value, const std::string& path) {
    JsonFields f(value, path, file_, errors_);
    Info out;
    out.language = Language(f.text("language"));
    words(f, "category", out.categories);
    out.event = text(f, "event");
    words(f, "responseType", out.responses);
    out.urgency = f.choice<Urgency>("urgency", choices<Urgency>());
    out.severity = f.choice<Severity>("severity", choices<Severity>());
    out.certainty = f.choice<Certainty>("certainty", choices<Certainty>());
    out.audience = text(f, "audience");
    named_values(f, "eventCode", out.event_codes);
    out.effective = time(f, "effective");
    out.onset = time(f, "onset");
    out.expires = time(f, "expires");
    out.sender_name = text(f, "senderName");
    out.headline = text(f, "headline");
    out.description = text(f, "description");
    out.instruction = text(f, "instruction");
    out.web = text(f, "web");
    out.contact = text(f, "contact");
    named_values(f, "parameter", out.parameters);
    each(f, "resource", out.resources, [&](const json::value& v, const std::string& p) { return read_resource(v, p); });
    each(f, "area", out.areas, [&](const json::value& v, const std::string& p) { return read_area(v, p); });
    out.ending = ending(f);
    return out;
  }

  Resource read_resource(const json::value& value, const std::string& path) {
    JsonFields f(value, path, file_, errors_);
    Resource out;
    out.description = text(f, "resourceDesc");
    out.mime_type = text(f, "mimeType");
    out.size_bytes = f.maybe_whole("size", 0, max_size);
    out.uri = text(f, "uri");
    out.deref_uri = text(f, "derefUri");
    out.digest = text(f, "digest");
    return out;
  }

  Area read_area(const json::value& value, const std::string& path) {
    JsonFields f(value, path, file_, errors_);
    Area out;
    out.description = text(f, "areaDesc");
    each(f, "polygon", out.polygons, [&](const json::value& v, const std::string& p) { return read_polygon(v, p); });
    each(f, "circle", out.circles, [&](const json::value& v, const std::string& p) {
      JsonFields c(v, p, file_, errors_);
      Circle circle;
      if (const auto* centre = c.child("centre")) circle.centre = read_point(*centre, c.path_of("centre"));
      circle.radius_km = decimal(c, "radius_km").value_or(0);
      return circle;
    });
    named_values(f, "geocode", out.geocodes);
    out.altitude_feet = decimal(f, "altitude");
    out.ceiling_feet = decimal(f, "ceiling");
    return out;
  }

  Polygon read_polygon(const json::value& value, const std::string& path) {
    Polygon out;
    const auto* list = value.if_array();
    if (!list) {
      expected_found(errors_, file_, path, "alert.expected_list", value);
      return out;
    }
    for (std::size_t i = 0; i < list->size(); ++i)
      out.push_back(read_point((*list)[i], path + "[" + std::to_string(i) + "]"));
    return out;
  }

  /// ["latitude","longitude"]
  Point read_point(const json::value& value, const std::string& path) {
    Point out;
    const auto* list = value.if_array();
    const bool pair = list && list->size() == 2 && (*list)[0].is_string() && (*list)[1].is_string();
    if (!pair || !parse_decimal(std::string_view((*list)[0].get_string()), out.latitude) ||
        !parse_decimal(std::string_view((*list)[1].get_string()), out.longitude))
      expected_found(errors_, file_, path, "alert.expected_json_point", value);
    return out;
  }

  static std::optional<Ending> ending(JsonFields& f) {
    if (!f.maybe_child("return")) return std::nullopt;
    return f.choice<Ending>("return", choices<Ending>());
  }

  static std::string text(JsonFields& f, std::string_view key) { return f.maybe_text(key).value_or(""); }

  std::optional<base::WallTime> time(JsonFields& f, std::string_view key) {
    const auto text = f.maybe_text(key);
    if (!text) return std::nullopt;
    if (const auto time = base::parse_utc(*text)) return *time;
    f.complain(key, {"alert.bad_utc", {{"found", shown(*text)}}});
    return std::nullopt;
  }

  std::optional<double> decimal(JsonFields& f, std::string_view key) {
    const auto text = f.maybe_text(key);
    double value = 0;
    if (!text) return std::nullopt;
    if (parse_decimal(*text, value)) return value;
    f.complain(key,
               {"base.expected_found", {{"expected", base::Key{"alert.expected_decimal"}}, {"found", shown(*text)}}});
    return std::nullopt;
  }

  template <class T, class One>
  void each(JsonFields& f, std::string_view key, std::vector<T>& out, One one) {
    f.each(key, [&](const json::value& value, const std::string& path) { out.push_back(one(value, path)); });
  }

  void named_values(JsonFields& f, std::string_view key, std::vector<NamedValue>& out) {
    each(f, key, out, [&](const json::value& value, const std::string& path) {
      JsonFields pair(value, path, file_, errors_);
      NamedValue v;
      v.name = pair.text("valueName");
      v.value = pair.text("value");
      return v;
    });
  }

  template <class E>
  void words(JsonFields& f, std::string_view key, std::vector<E>& out) {
    f.each(key, [&](const json::value& item, const std::string& path) {
      std::string list;
      for (const auto& [spelling, value] : choices<E>()) {
        if (item.is_string() && std::string_view(item.get_string()) == spelling) return out.push_back(value);
        list += (list.empty() ? "" : ", ") + std::string(spelling);
      }
      wrong_at(errors_, file_, path, {"base.expected_one_of", {{"choices", list}, {"found", json::serialize(item)}}});
    });
  }

  const std::string& file_;
  base::Errors errors_;
};

}  // namespace

json::value to_json(const Alert& a) {
  json::object out;
  put(out, "identifier", a.identifier);
  put(out, "sender", a.sender);
  put(out, "sent", a.sent);
  out["status"] = name(a.status);
  out["msgType"] = name(a.type);
  put(out, "source", a.source);
  out["scope"] = name(a.scope);
  put(out, "restriction", a.restriction);
  put(out, "addresses", a.addresses);
  put_list(out, "code", a.codes, [](const std::string& code) { return json::value(code); });
  put(out, "note", a.note);
  put_list(out, "references", a.references, reference);
  put(out, "incidents", a.incidents);
  put_list(out, "info", a.infos, info);
  put(out, "hazard", a.hazard);
  put(out, "level", a.level);
  put_list(out, "zones", a.zones, zone_order);
  put_list(out, "slots", a.slots, named_value);
  put(out, "confirmation", a.confirmation);
  return out;
}

base::Result<Alert> alert_from_json(const json::value& value, const std::string& file) {
  return Reader(file).run(value);
}

}  // namespace broadcaster::alert
