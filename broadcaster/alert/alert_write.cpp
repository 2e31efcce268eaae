// The other half of alert_yaml.hpp: the shortest file that reads back as the same alert.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "broadcaster/alert/alert_yaml.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert {
namespace {

/// In double quotes unless it is a plain word, for which nobody can take it for anything else.
std::string yaml_text(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool plain =
      !text.empty() && text.size() <= 64 && letter(text.front()) && text != "null" && text != "Null" &&
      text != "NULL" &&
      std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
  if (plain) return std::string(text);
  std::string out = "\"";
  // What a centre's document has of them no file of ours may have (base/unicode.hpp).
  for (const char c : base::without_hidden_characters(text)) {
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string flow(const std::vector<std::string>& items) { return fmt::format("[{}]", fmt::join(items, ", ")); }

/// One value alone, several as a list.
std::string one_or_list(const std::vector<std::string>& items) { return items.size() == 1 ? items[0] : flow(items); }

template <class E>
std::string words(const std::vector<E>& values) {
  std::vector<std::string> out;
  for (const auto value : values) out.emplace_back(name(value));
  return one_or_list(out);
}

std::string named_values(const std::vector<NamedValue>& values) {
  std::set<std::string> names;
  for (const auto& v : values) names.insert(v.name);
  const bool unique = names.size() == values.size();
  std::vector<std::string> out;
  for (const auto& v : values)
    out.push_back(unique ? fmt::format("{}: {}", yaml_text(v.name), yaml_text(v.value))
                         : fmt::format("{{valueName: {}, value: {}}}", yaml_text(v.name), yaml_text(v.value)));
  return unique ? fmt::format("{{{}}}", fmt::join(out, ", ")) : flow(out);
}

/// A flow map of what is there.
class FlowMap {
 public:
  void text(std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, yaml_text(value));
  }
  void add(std::string_view key, const std::string& value) { items_.push_back(fmt::format("{}: {}", key, value)); }
  std::string take() const { return fmt::format("{{{}}}", fmt::join(items_, ", ")); }

 private:
  std::vector<std::string> items_;
};

std::string area(const Area& a) {
  FlowMap out;
  out.text("areaDesc", a.description);
  std::vector<std::string> shapes;
  for (const auto& polygon : a.polygons) {
    std::vector<std::string> points;
    for (const auto& point : polygon) points.push_back(format_position(point));
    shapes.push_back(fmt::format("\"{}\"", fmt::join(points, " ")));
  }
  if (!shapes.empty()) out.add("polygon", flow(shapes));
  shapes.clear();
  for (const auto& c : a.circles)
    shapes.push_back(fmt::format("\"{} {}\"", format_position(c.centre), format_decimal(c.radius_km)));
  if (!shapes.empty()) out.add("circle", flow(shapes));
  if (!a.geocodes.empty()) out.add("geocode", named_values(a.geocodes));
  if (a.altitude_feet) out.add("altitude", format_decimal(*a.altitude_feet));
  if (a.ceiling_feet) out.add("ceiling", format_decimal(*a.ceiling_feet));
  return out.take();
}

std::string resource(const Resource& r) {
  FlowMap out;
  out.text("resourceDesc", r.description);
  out.text("mimeType", r.mime_type);
  if (r.size_bytes) out.add("size", fmt::to_string(*r.size_bytes));
  out.text("uri", r.uri);
  out.text("derefUri", r.deref_uri);
  out.text("digest", r.digest);
  return out.take();
}

/// One element of an info as YAML; empty text: the element is absent.
struct Element {
  std::string key;
  std::string value;
  bool is_text = false;  ///< may stand at the top as a map by language
};

std::vector<Element> elements(const Info& info) {
  std::vector<Element> out;
  const auto text = [&](std::string key, const std::string& v) {
    out.push_back({std::move(key), v.empty() ? "" : yaml_text(v), true});
  };
  const auto value = [&](std::string key, std::string v) { out.push_back({std::move(key), std::move(v), false}); };
  const auto time = [&](std::string key, const std::optional<base::WallTime>& t) {
    value(std::move(key), t ? base::format_cap_time(*t) : "");
  };
  const auto list = [&]<class T>(std::string key, const std::vector<T>& items, auto one) {
    std::vector<std::string> written;
    for (const auto& item : items) written.push_back(one(item));
    value(std::move(key), written.empty() ? "" : flow(written));
  };
  value("category", info.categories.empty() ? "" : words(info.categories));
  text("event", info.event);
  value("responseType", info.responses.empty() ? "" : words(info.responses));
  value("urgency", std::string(name(info.urgency)));
  value("severity", std::string(name(info.severity)));
  value("certainty", std::string(name(info.certainty)));
  text("audience", info.audience);
  value("eventCode", info.event_codes.empty() ? "" : named_values(info.event_codes));
  time("effective", info.effective);
  time("onset", info.onset);
  time("expires", info.expires);
  text("senderName", info.sender_name);
  text("headline", info.headline);
  text("description", info.description);
  text("instruction", info.instruction);
  text("web", info.web);
  text("contact", info.contact);
  value("parameter", info.parameters.empty() ? "" : named_values(info.parameters));
  list("resource", info.resources, resource);
  list("area", info.areas, area);
  return out;
}

/// What all infos share goes to the top, texts too where every language has one; the rest into a block an info.
std::string write_infos(const std::vector<Info>& infos) {
  if (infos.empty()) return {};
  std::vector<std::vector<Element>> all;
  std::set<std::string> languages;
  for (const auto& info : infos) {
    all.push_back(elements(info));
    languages.insert(info.language.value);
  }
  const bool distinct = languages.size() == infos.size();
  std::string top;
  std::vector<std::string> blocks(infos.size());
  for (std::size_t e = 0; e < all[0].size(); ++e) {
    const auto& first = all[0][e];
    const bool shared = std::ranges::all_of(all, [&](const auto& i) { return i[e].value == first.value; });
    const bool everywhere = std::ranges::none_of(all, [&](const auto& i) { return i[e].value.empty(); });
    if (shared) {
      if (!first.value.empty()) top += fmt::format("{}: {}\n", first.key, first.value);
    } else if (first.is_text && everywhere && distinct) {
      FlowMap texts;
      for (std::size_t i = 0; i < infos.size(); ++i) texts.add(yaml_text(infos[i].language.value), all[i][e].value);
      top += fmt::format("{}: {}\n", first.key, texts.take());
    } else {
      for (std::size_t i = 0; i < infos.size(); ++i)
        if (!all[i][e].value.empty()) blocks[i] += fmt::format("    {}: {}\n", first.key, all[i][e].value);
    }
  }
  std::vector<std::string> names;
  for (const auto& info : infos) names.push_back(yaml_text(info.language.value));
  if (distinct && std::ranges::all_of(blocks, &std::string::empty))
    return fmt::format("languages: {}\n{}", flow(names), top);
  std::string out = top + "info:\n";
  for (std::size_t i = 0; i < infos.size(); ++i) out += fmt::format("  - language: {}\n{}", names[i], blocks[i]);
  return out;
}

std::string zone(const ZoneOrder& order) {
  if (!order.onset && !order.ending) return yaml_text(order.zone.value);
  FlowMap out;
  out.text("zone", order.zone.value);
  if (order.onset) out.add("onset", fmt::format("\"{}\"", base::format_cap_time(*order.onset)));
  if (order.ending) out.add("return", std::string(name(*order.ending)));
  return out.take();
}

}  // namespace

std::string write_alert(const Alert& alert) {
  std::string out;
  const auto add = [&](std::string_view key, const std::string& value) { out += fmt::format("{}: {}\n", key, value); };
  const auto text = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) add(key, yaml_text(value));
  };
  text("identifier", alert.identifier);
  text("sender", alert.sender);
  if (alert.sent) add("sent", base::format_cap_time(*alert.sent));
  add("status", std::string(name(alert.status)));
  if (alert.type != MessageType::alert) add("msgType", std::string(name(alert.type)));
  text("source", alert.source);
  if (alert.scope != Scope::public_) add("scope", std::string(name(alert.scope)));
  text("restriction", alert.restriction);
  text("addresses", alert.addresses);
  std::vector<std::string> items;
  for (const auto& code : alert.codes) items.push_back(yaml_text(code));
  if (!items.empty()) add("code", one_or_list(items));
  text("note", alert.note);
  items.clear();
  for (const auto& r : alert.references) items.push_back(yaml_text(r.sender + "," + r.identifier + "," + r.sent));
  if (!items.empty()) add("references", one_or_list(items));
  text("incidents", alert.incidents);
  text("hazard", alert.hazard);
  text("level", alert.level);
  text("confirmation", alert.confirmation);
  items.clear();
  for (const auto& order : alert.zones) items.push_back(zone(order));
  if (!items.empty()) add("zones", flow(items));
  if (!alert.slots.empty()) add("slots", named_values(alert.slots));
  return out + write_infos(alert.infos);
}

}  // namespace broadcaster::alert
