#include "broadcaster/service/wire.hpp"

#include <array>
#include <boost/json.hpp>
#include <string_view>
#include <utility>

namespace broadcaster::service {
namespace json = boost::json;
namespace {

constexpr std::array<std::pair<std::string_view, base::ErrorKind>, 5> kinds = {{
    {"bad_input", base::ErrorKind::bad_input},
    {"usage", base::ErrorKind::usage},
    {"refused", base::ErrorKind::refused},
    {"unavailable", base::ErrorKind::unavailable},
    {"check_failed", base::ErrorKind::check_failed},
}};

json::value argument(const base::Argument& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json::value(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  return json::object{{"key", std::get<base::Key>(value).id}};
}

base::Argument argument(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return static_cast<std::int64_t>(value.get_uint64());
  if (const auto* object = value.if_object())
    if (const auto* key = object->if_contains("key"); key && key->is_string())
      return base::Key{std::string(key->get_string())};
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string string_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

int int_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_int64() ? static_cast<int>(value->get_int64()) : 0;
}

}  // namespace

json::value to_json(const base::Text& text) {
  json::array arguments;
  for (const auto& [name, value] : text.arguments) arguments.push_back(json::array{name, argument(value)});
  return json::object{{"id", text.id}, {"args", std::move(arguments)}};
}

base::Text text_from_json(const json::value& value) {
  base::Text text;
  const auto* object = value.if_object();
  if (!object) return text;
  text.id = string_of(*object, "id");
  if (const auto* arguments = object->if_contains("args"); arguments && arguments->is_array())
    for (const auto& pair : arguments->get_array())
      if (pair.is_array() && pair.get_array().size() == 2 && pair.get_array()[0].is_string())
        text.arguments.emplace_back(std::string(pair.get_array()[0].get_string()), argument(pair.get_array()[1]));
  return text;
}

json::value to_json(const base::Error& error) {
  json::object object{{"text", to_json(error.text)}, {"key", error.key}};
  for (const auto& [name, kind] : kinds)
    if (kind == error.kind) object["kind"] = name;
  if (error.place)
    object["place"] =
        json::object{{"file", error.place->file}, {"line", error.place->line}, {"column", error.place->column}};
  return object;
}

base::Error error_from_json(const json::value& value) {
  base::Error error;
  error.kind = base::ErrorKind::unavailable;
  const auto* object = value.if_object();
  if (!object) return error;
  const auto kind = string_of(*object, "kind");
  for (const auto& [name, known] : kinds)
    if (name == kind) error.kind = known;
  if (const auto* text = object->if_contains("text")) error.text = text_from_json(*text);
  error.key = string_of(*object, "key");
  if (const auto* place = object->if_contains("place"); place && place->is_object()) {
    const auto& p = place->get_object();
    error.place = base::Place{string_of(p, "file"), int_of(p, "line"), int_of(p, "column")};
  }
  return error;
}

base::Result<json::object> parse_request(const std::string& line) {
  json::error_code code;
  auto value = json::parse(line, code);
  if (code || !value.is_object()) return base::fail(base::ErrorKind::usage, {"service.no_request", {}});
  return std::move(value.get_object());
}

boost::json::object to_json(const journal::VerifyReport& report) {
  boost::json::object object{
      {"entries", report.entries},
      {"head", boost::json::object{{"seq", report.head.seq}, {"hash", base::hex(report.head.hash)}}},
      {"whole", !report.first_bad.has_value()}};
  if (report.vouched.through != 0)
    object["signed"] = boost::json::object{{"through", report.vouched.through},
                                           {"at", base::format_utc(report.vouched.at)},
                                           {"key", base::hex(report.vouched.key)},
                                           {"keys", std::ssize(report.vouched.checkpoints)}};
  if (report.first_bad) {
    object["first_bad"] = *report.first_bad;
    object["reason"] = to_json(report.reason);
  }
  return object;
}

std::string good(json::object result) {
  result["ok"] = true;
  return json::serialize(result);
}

std::string bad(const base::Error& error) {
  return json::serialize(json::object{{"ok", false}, {"error", to_json(error)}});
}

base::Result<json::object> parse_answer(const std::string& line) {
  json::error_code code;
  auto value = json::parse(line, code);
  if (code || !value.is_object()) return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
  auto& object = value.get_object();
  const auto* ok = object.if_contains("ok");
  if (ok && ok->is_bool() && ok->get_bool()) return std::move(object);
  if (const auto* error = object.if_contains("error")) return std::unexpected(error_from_json(*error));
  return base::fail(base::ErrorKind::unavailable, {"service.no_answer", {}});
}

}  // namespace broadcaster::service
