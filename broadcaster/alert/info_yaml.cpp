#include "broadcaster/alert/info_yaml.hpp"

#include <algorithm>

#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"

namespace broadcaster::alert {
namespace {

using base::Fields;
using base::Node;

class Overlay {
 public:
  Overlay(YamlReading& reading, Fields& fields, const std::string& model_path, const std::vector<Language>& languages)
      : r_(reading), fields_(fields), model_path_(model_path), languages_(languages) {}

  // CAP §3.2.2, in its order.
  void apply(Info& info) {
    names("category", info.categories);
    text("event", info, info.event);
    names("responseType", info.responses);
    name("urgency", info.urgency);
    name("severity", info.severity);
    name("certainty", info.certainty);
    text("audience", info, info.audience);
    named_values("eventCode", info.event_codes);
    time("effective", info.effective);
    time("onset", info.onset);
    time("expires", info.expires);
    text("senderName", info, info.sender_name);
    text("headline", info, info.headline);
    text("description", info, info.description);
    text("instruction", info, info.instruction);
    text("web", info, info.web);
    text("contact", info, info.contact);
    named_values("parameter", info.parameters);
    maps("resource", info.resources, [&](const Node& node, const std::string& path, const std::string& model) {
      return resource(node, path, model);
    });
    maps("area", info.areas,
         [&](const Node& node, const std::string& path, const std::string& model) { return area(node, path, model); });
  }

 private:
  const Node* find(std::string_view key) {
    const Node* node = fields_.maybe_child(key);
    if (node) note(model_path_ + "." + std::string(key), fields_.path_of(key), *node);
    return node;
  }

  void note(const std::string& model, const std::string& key, const Node& node) {
    r_.written[model] = {key, node.place};
  }

  void text(std::string_view key, const Info& info, std::string& out) {
    const Node* node = find(key);
    if (!node) return;
    const auto path = fields_.path_of(key);
    if (languages_.empty() || node->kind != Node::Kind::map) {
      if (auto value = node_text(r_.errors, *node, path)) out = *value;
      return;
    }
    const Node* own = node->find(info.language.value);
    if (own) {
      note(model_path_ + "." + std::string(key), path + "." + info.language.value, *own);
      if (auto value = node_text(r_.errors, *own, path + "." + info.language.value)) out = *value;
    } else {
      wrong_node(r_.errors, *node, path + "." + info.language.value,
                 {"base.missing", {{"expected", base::Key{"base.expected_text"}}}});
    }
    for (const auto& entry : node->entries)
      if (std::ranges::find(languages_, Language(entry.key)) == languages_.end())
        r_.errors.push_back({.kind = base::ErrorKind::bad_input,
                             .text = {"alert.not_a_language", {{"found", shown(entry.key)}}},
                             .place = entry.place,
                             .key = path + "." + entry.key});
  }

  template <class E>
  void name(std::string_view key, E& out) {
    if (!find(key)) return;
    if (const auto value = fields_.maybe_choice<E>(key, choices<E>())) out = *value;
  }

  template <class E>
  void names(std::string_view key, std::vector<E>& out) {
    const Node* node = find(key);
    if (!node) return;
    out.clear();
    each_of(*node, fields_.path_of(key), [&](const Node& item, const std::string& path) {
      if (item.kind != Node::Kind::scalar) return unexpected_node(r_.errors, item, path, "base.expected_text");
      std::string list;
      for (const auto& [spelling, value] : choices<E>()) {
        if (item.scalar == spelling) return out.push_back(value);
        list += (list.empty() ? "" : ", ") + std::string(spelling);
      }
      wrong_node(r_.errors, item, path, {"base.expected_one_of", {{"choices", list}, {"found", shown(item.scalar)}}});
    });
  }

  void time(std::string_view key, std::optional<base::WallTime>& out) {
    const Node* node = find(key);
    if (!node) return;
    out = node_time(r_, *node, fields_.path_of(key));
  }

  void named_values(std::string_view key, std::vector<NamedValue>& out) {
    if (const Node* node = find(key)) out = read_named_values(*node, fields_.path_of(key));
  }

  /// {name: value, name: [value, value]}, or a list of {valueName, value}.
  std::vector<NamedValue> read_named_values(const Node& node, const std::string& path) {
    std::vector<NamedValue> out;
    if (node.kind == Node::Kind::map) {
      for (const auto& entry : node.entries)
        each_of(entry.value, path + "." + entry.key, [&](const Node& item, const std::string& at) {
          if (const auto value = node_text(r_.errors, item, at)) out.push_back({entry.key, *value});
        });
    } else if (node.kind == Node::Kind::list) {
      each_of(node, path, [&](const Node& item, const std::string& at) {
        Fields pair(item, at, r_.errors);
        NamedValue value;
        value.name = pair.text("valueName");
        value.value = pair.text("value");
        out.push_back(std::move(value));
      });
    } else {
      unexpected_node(r_.errors, node, path, "alert.expected_named_values");
    }
    return out;
  }

  template <class T, class Read>
  void maps(std::string_view key, std::vector<T>& out, Read read) {
    const Node* node = find(key);
    if (!node) return;
    out.clear();
    std::size_t index = 0;
    each_of(*node, fields_.path_of(key), [&](const Node& item, const std::string& path) {
      const auto model = model_path_ + "." + std::string(key) + "[" + std::to_string(index++) + "]";
      note(model, path, item);
      out.push_back(read(item, path, model));
    });
  }

  /// A sub-element's value, with its place noted.
  std::string text_of(Fields& fields, std::string_view key, const std::string& model) {
    if (const Node* node = fields.maybe_child(key)) note(model + "." + std::string(key), fields.path_of(key), *node);
    return fields.maybe_text(key).value_or("");
  }

  Resource resource(const Node& node, const std::string& path, const std::string& model) {
    Fields fields(node, path, r_.errors);
    Resource out;
    out.description = text_of(fields, "resourceDesc", model);
    out.mime_type = text_of(fields, "mimeType", model);
    out.size_bytes = fields.maybe_whole("size", 0, max_size);
    out.uri = text_of(fields, "uri", model);
    out.deref_uri = text_of(fields, "derefUri", model);
    out.digest = text_of(fields, "digest", model);
    return out;
  }

  Area area(const Node& node, const std::string& path, const std::string& model) {
    Fields fields(node, path, r_.errors);
    Area out;
    out.description = text_of(fields, "areaDesc", model);
    shapes(fields, "polygon", model, out.polygons, "alert.bad_polygon", read_polygon);
    shapes(fields, "circle", model, out.circles, "alert.bad_circle", read_circle);
    if (const Node* codes = fields.maybe_child("geocode"))
      out.geocodes = read_named_values(*codes, fields.path_of("geocode"));
    out.altitude_feet = decimal(fields, "altitude", model);
    out.ceiling_feet = decimal(fields, "ceiling", model);
    return out;
  }

  template <class T>
  void shapes(Fields& fields, std::string_view key, const std::string& model, std::vector<T>& out,
              std::string_view wrong, std::optional<T> (*read)(const std::string&)) {
    const Node* node = fields.maybe_child(key);
    if (!node) return;
    each_of(*node, fields.path_of(key), [&](const Node& item, const std::string& path) {
      note(model + "." + std::string(key) + "[" + std::to_string(out.size()) + "]", path, item);
      const auto text = node_text(r_.errors, item, path);
      if (!text) return;
      if (auto shape = read(*text))
        out.push_back(std::move(*shape));
      else
        wrong_node(r_.errors, item, path, {std::string(wrong), {{"found", shown(*text)}}});
    });
  }

  static std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t\n\r", at)) != std::string::npos;) {
      const auto end = std::min(text.find_first_of(" \t\n\r", at), text.size());
      out.push_back(text.substr(at, end - at));
      at = end;
    }
    return out;
  }

  static std::optional<Polygon> read_polygon(const std::string& text) {
    Polygon out;
    for (const auto& word : words(text)) {
      const auto point = parse_position(word);
      if (!point) return std::nullopt;
      out.push_back(*point);
    }
    return out;
  }

  static std::optional<Circle> read_circle(const std::string& text) {
    const auto parts = words(text);
    Circle out;
    if (parts.size() != 2 || !parse_decimal(parts[1], out.radius_km)) return std::nullopt;
    const auto centre = parse_position(parts[0]);
    if (!centre) return std::nullopt;
    out.centre = *centre;
    return out;
  }

  std::optional<double> decimal(Fields& fields, std::string_view key, const std::string& model) {
    const Node* node = fields.maybe_child(key);
    if (!node) return std::nullopt;
    note(model + "." + std::string(key), fields.path_of(key), *node);
    double value = 0;
    if (node->kind == Node::Kind::scalar && parse_decimal(node->scalar, value)) return value;
    unexpected_node(r_.errors, *node, fields.path_of(key), "alert.expected_decimal");
    return std::nullopt;
  }

  YamlReading& r_;
  Fields& fields_;
  const std::string& model_path_;
  const std::vector<Language>& languages_;
};

}  // namespace

void overlay_info(YamlReading& reading, Fields& fields, const std::string& model_path,
                  const std::vector<Language>& languages, Info& info) {
  Overlay(reading, fields, model_path, languages).apply(info);
}

std::optional<base::WallTime> node_time(YamlReading& reading, const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::scalar && node.scalar.starts_with("+")) {
    const auto after = base::parse_duration(std::string_view(node.scalar).substr(1));
    if (after) return std::chrono::floor<base::seconds>(reading.now) + *after;
  } else if (node.kind == Node::Kind::scalar) {
    const auto time = base::parse_cap_time(node.scalar);
    if (time) return *time;
  }
  unexpected_node(reading.errors, node, path, "alert.expected_time");
  return std::nullopt;
}

}  // namespace broadcaster::alert
