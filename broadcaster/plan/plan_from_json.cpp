#include <boost/json.hpp>
#include <limits>

#include "broadcaster/alert/alert_json.hpp"
#include "broadcaster/alert/json_fields.hpp"
#include "broadcaster/plan/plan_json.hpp"
#include "broadcaster/plan/vocabulary.hpp"

namespace broadcaster::plan {
namespace {

namespace json = boost::json;

constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;  // of canonical JSON
constexpr std::int64_t most_minutes = 18 * 60;              // no clock is further from UTC
constexpr std::int64_t most_seconds = 366 * 86400;

/// alert::JsonFields with the kinds of values that a plan has.
struct Fields : alert::JsonFields {
  using alert::JsonFields::JsonFields;

  int small(std::string_view key) { return static_cast<int>(whole(key, 0, std::numeric_limits<int>::max())); }
  std::int64_t count(std::string_view key) { return whole(key, 0, most); }
  std::chrono::seconds duration(std::string_view key) { return std::chrono::seconds(whole(key, 0, most_seconds)); }

  base::WallTime time(std::string_view key) { return maybe_time(key, text(key)).value_or(base::WallTime{}); }
  std::optional<base::WallTime> maybe_time(std::string_view key) {
    const auto found = maybe_text(key);
    return found ? maybe_time(key, *found) : std::nullopt;
  }

  /// read(value, path) for each item of a list.
  template <class Read>
  auto list(std::string_view key, Read read) {
    std::vector<decltype(read(std::declval<const json::value&>(), std::string{}))> out;
    if (child(key)) each(key, [&](const json::value& item, const std::string& at) { out.push_back(read(item, at)); });
    return out;
  }

 private:
  std::optional<base::WallTime> maybe_time(std::string_view key, const std::string& found) {
    const auto time = base::parse_utc(found);
    if (time) return *time;
    complain(key, time.error().text);
    return std::nullopt;
  }
};

struct Reader {
  const std::string& file;
  base::Errors& errors;

  base::Text text(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    base::Text out{fields.text("id"), {}};
    out.arguments = fields.list("arguments", [&](const json::value& item, const std::string& at) {
      Fields argument(item, at, file, errors);
      const auto* object = item.if_object();
      const auto key = argument.text("name");
      const auto has = [&](std::string_view kind) { return object && object->contains(kind); };
      if (has("whole")) return std::pair<std::string, base::Argument>{key, argument.whole("whole", -most, most)};
      if (has("key")) return std::pair<std::string, base::Argument>{key, base::Key{argument.text("key")}};
      return std::pair<std::string, base::Argument>{key, argument.text("text")};
    });
    return out;
  }

  Piece piece(const json::value& value, const std::string& path) {
    if (const auto* literal = value.if_string()) return std::string(*literal);
    Fields fields(value, path, file, errors);
    return Hole{.kind = fields.choice<HoleKind>("hole", choices<HoleKind>()),
                .pattern = fields.text("pattern"),
                .utc_offset = std::chrono::minutes(fields.whole("utc_offset", -most_minutes, most_minutes))};
  }

  SirenProgram siren(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    return {.program = fields.text("program"),
            .duration = fields.duration("duration"),
            .targets = fields.maybe_texts("targets"),
            .voice_texts = fields.maybe_texts("voice_texts")};
  }

  Length length(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    return {.unit = fields.text("unit"),
            .used = fields.small("used"),
            .limit = fields.small("limit"),
            .segments = fields.small("segments")};
  }

  Element element(const json::value& value, const std::string& path) {
    for (const auto& [word, candidate] : choices<Element>())
      if (value.is_string() && std::string_view(value.get_string()) == word) return candidate;
    alert::expected_found(errors, file, path, "plan.json_element", value);
    return Element::source;
  }

  Message message(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    Message out;
    out.endpoint = EndpointName(fields.text("endpoint"));
    out.language = alert::Language(fields.text("language"));
    out.zone = alert::ZoneId(fields.text("zone"));
    out.form = fields.text("form");
    const auto* body = fields.child("body");
    if (body && body->is_array())
      out.body = fields.list("body", [&](const json::value& v, const std::string& at) { return piece(v, at); });
    else if (body)
      out.body = siren(*body, fields.path_of("body"));
    if (const auto* child = fields.child("length")) out.length = length(*child, fields.path_of("length"));
    out.missing = fields.list("missing", [&](const json::value& v, const std::string& at) { return element(v, at); });
    return out;
  }

  Blocked blocked(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    Blocked out;
    out.endpoint = EndpointName(fields.text("endpoint"));
    out.language = alert::Language(fields.text("language"));
    out.zone = alert::ZoneId(fields.text("zone"));
    out.form = fields.text("form");
    if (const auto* child = fields.child("reason")) out.reason = text(*child, fields.path_of("reason"));
    out.recipients = fields.count("recipients");
    return out;
  }

  PlannedZone zone(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    PlannedZone out;
    out.id = alert::ZoneId(fields.text("id"));
    fields.each_text("names",
                     [&](const std::string& language, const std::string& name) { out.names[language] = name; });
    out.people = fields.count("people");
    out.floor_percent = fields.small("floor_percent");
    out.sirens = fields.maybe_texts("sirens");
    out.onset = fields.maybe_time("onset");
    return out;
  }

  PlannedRoute route(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    PlannedRoute out{RouteName(fields.text("name")), {}};
    for (auto& name : fields.maybe_texts("endpoints")) out.endpoints.emplace_back(std::move(name));
    return out;
  }

  PlannedEndpoint endpoint(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    PlannedEndpoint out;
    out.name = EndpointName(fields.text("name"));
    out.channel = fields.text("channel");
    out.route = RouteName(fields.text("route"));
    out.destination = fields.text("destination");
    out.fingerprint = fields.text("fingerprint");
    out.audience = fields.text("audience");
    out.rate_per_second = fields.small("rate_per_second");
    out.in_flight = fields.small("in_flight");
    out.intent = fields.choice<Intent>("intent", choices<Intent>());
    out.on_unknown = fields.choice<OnUnknown>("on_unknown", choices<OnUnknown>());
    out.reconcile_after = fields.duration("reconcile_after");
    return out;
  }

  PlannedAudience audience(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    PlannedAudience out;
    out.name = fields.text("name");
    out.digest = fields.text("digest");
    out.counts = fields.list("counts", [&](const json::value& item, const std::string& at) {
      Fields count(item, at, file, errors);
      return AudienceCount{alert::Language(count.text("language")), alert::ZoneId(count.text("zone")),
                           count.count("recipients")};
    });
    out.skipped = fields.count("skipped");
    return out;
  }

  Finding finding(const json::value& value, const std::string& path) {
    Fields fields(value, path, file, errors);
    Finding out;
    out.rule = fields.text("rule");
    if (const auto* child = fields.child("text")) out.text = text(*child, fields.path_of("text"));
    out.endpoint = EndpointName(fields.text("endpoint"));
    out.language = alert::Language(fields.text("language"));
    out.zone = alert::ZoneId(fields.text("zone"));
    return out;
  }
};

/// `list(key, member)`: every item of `key` read by that member of Reader.
template <class T>
std::vector<T> read_list(Fields& fields, std::string_view key, Reader& reader,
                         T (Reader::*member)(const json::value&, const std::string&)) {
  return fields.list(key, [&](const json::value& item, const std::string& at) { return (reader.*member)(item, at); });
}

alert::Alert read_alert(const json::value& value, const std::string& path, Reader& reader) {
  auto alert = alert::alert_from_json(value, reader.file);
  if (alert) return std::move(*alert);
  auto& error = alert.error();
  alert::wrong_at(reader.errors, reader.file, error.key.empty() ? path : path + "." + error.key, error.text);
  return {};
}

}  // namespace

Plan plan_from_json(const json::value& value, const std::string& path, Nesting nesting, const std::string& file,
                    base::Errors& errors) {
  Fields fields(value, path, file, errors);
  Reader reader{file, errors};
  Plan plan;
  plan.format = fields.small("format");
  if (plan.format != Plan::current_format)
    fields.complain("format", {"plan.json_unknown_format", {{"format", std::int64_t{plan.format}}}});
  plan.mode = fields.choice<alert::Mode>("mode", alert::choices<alert::Mode>());
  if (const auto* child = fields.child("alert")) plan.alert = read_alert(*child, fields.path_of("alert"), reader);
  plan.author = fields.text("author");
  plan.made_at = fields.time("made_at");
  plan.expires = fields.time("expires");
  plan.priority = fields.small("priority");
  plan.code_prefix = fields.text("code_prefix");
  plan.release_within = fields.duration("release_within");
  plan.zones = read_list(fields, "zones", reader, &Reader::zone);
  plan.not_alerted = read_list(fields, "not_alerted", reader, &Reader::zone);
  plan.routes = read_list(fields, "routes", reader, &Reader::route);
  plan.endpoints = read_list(fields, "endpoints", reader, &Reader::endpoint);
  plan.audiences = read_list(fields, "audiences", reader, &Reader::audience);
  plan.messages = read_list(fields, "messages", reader, &Reader::message);
  plan.blocked = read_list(fields, "blocked", reader, &Reader::blocked);
  plan.findings = read_list(fields, "findings", reader, &Reader::finding);
  plan.made_with = fields.list("made_with", [&](const json::value& item, const std::string& at) {
    Fields pair(item, at, file, errors);
    return alert::NamedValue{pair.text("name"), pair.text("value")};
  });
  plan.free_text = fields.maybe_texts("free_text");
  if (const auto* inner = fields.maybe_child("false_alarm")) {
    if (nesting == Nesting::is_false_alarm)
      fields.complain("false_alarm", {"plan.json_false_alarm_twice", {}});
    else
      plan.false_alarm = std::make_shared<const Plan>(
          plan_from_json(*inner, fields.path_of("false_alarm"), Nesting::is_false_alarm, file, errors));
  }
  return plan;
}

Pieces pieces_from_json(const json::value& value, const std::string& path, const std::string& file,
                        base::Errors& errors) {
  Pieces out;
  const auto* list = value.if_array();
  if (!list) alert::expected_found(errors, file, path, "plan.json_pieces", value);
  for (std::size_t i = 0; list && i < list->size(); ++i)
    out.push_back(Reader{file, errors}.piece((*list)[i], path + "[" + std::to_string(i) + "]"));
  return out;
}

Message message_from_json(const json::value& value, const std::string& path, const std::string& file,
                          base::Errors& errors) {
  return Reader{file, errors}.message(value, path);
}

Blocked blocked_from_json(const json::value& value, const std::string& path, const std::string& file,
                          base::Errors& errors) {
  return Reader{file, errors}.blocked(value, path);
}

}  // namespace broadcaster::plan
