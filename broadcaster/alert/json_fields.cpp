#include "broadcaster/alert/json_fields.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "broadcaster/alert/wording.hpp"

namespace broadcaster::alert {

namespace json = boost::json;

void wrong_at(base::Errors& errors, const std::string& file, const std::string& path, base::Text text) {
  errors.push_back(
      {.kind = base::ErrorKind::bad_input, .text = std::move(text), .place = base::Place{file, 0, 0}, .key = path});
}

void expected_found(base::Errors& errors, const std::string& file, const std::string& path, std::string_view expected,
                    const json::value& found) {
  base::Argument what = base::Key{"base.found_nothing"};
  if (const auto* text = found.if_string()) what = shown(std::string_view(*text));
  if (found.is_array()) what = base::Key{"base.found_list"};
  if (found.is_object()) what = base::Key{"base.found_map"};
  if (found.is_number()) what = format_decimal(found.to_number<double>());
  if (found.is_bool()) what = std::string(found.get_bool() ? "true" : "false");
  wrong_at(errors, file, path,
           {"base.expected_found", {{"expected", base::Key{std::string(expected)}}, {"found", std::move(what)}}});
}

JsonFields::JsonFields(const json::value& value, std::string path, const std::string& file, base::Errors& errors)
    : value_(value), path_(std::move(path)), file_(file), errors_(errors) {
  if (!value_.is_object()) expected_found(errors_, file_, path_, "base.expected_map", value_);
}

JsonFields::~JsonFields() {
  const auto* object = value_.if_object();
  if (!object || others_allowed_) return;
  for (const auto& member : *object) {
    const std::string key(member.key());
    if (std::ranges::find(asked_, key) == asked_.end()) complain(key, {"base.unknown_key", {}});
  }
}

std::string JsonFields::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void JsonFields::complain(std::string_view key, base::Text text) {
  wrong_at(errors_, file_, path_of(key), std::move(text));
}

const json::value* JsonFields::take(std::string_view key, Missing missing, std::string_view expected) {
  const auto* object = value_.if_object();
  if (!object) return nullptr;  // reported once, as a whole
  asked_.emplace_back(key);
  const auto* value = object->if_contains(json::string_view(key.data(), key.size()));
  if (value && !value->is_null()) return value;
  if (missing == Missing::is_error) complain(key, {"base.missing", {{"expected", base::Key{std::string(expected)}}}});
  return nullptr;
}

std::optional<std::string> JsonFields::maybe_text(std::string_view key) {
  const auto* value = take(key, Missing::is_fine, "base.expected_text");
  if (!value) return std::nullopt;
  if (const auto* text = value->if_string()) return std::string(*text);
  expected_found(errors_, file_, path_of(key), "base.expected_text", *value);
  return std::nullopt;
}

std::string JsonFields::text(std::string_view key) {
  if (!take(key, Missing::is_error, "base.expected_text")) return {};
  return maybe_text(key).value_or("");
}

std::optional<std::int64_t> JsonFields::maybe_whole(std::string_view key, std::int64_t min, std::int64_t max) {
  const auto* value = take(key, Missing::is_fine, "base.expected_whole");
  if (!value) return std::nullopt;
  const auto* whole = value->if_int64();
  if (!whole) {
    expected_found(errors_, file_, path_of(key), "base.expected_whole", *value);
    return std::nullopt;
  }
  if (*whole >= min && *whole <= max) return *whole;
  complain(key, {"base.out_of_range", {{"min", min}, {"max", max}, {"found", *whole}}});
  return std::nullopt;
}

std::int64_t JsonFields::whole(std::string_view key, std::int64_t min, std::int64_t max) {
  if (!take(key, Missing::is_error, "base.expected_whole")) return min;
  return maybe_whole(key, min, max).value_or(min);
}

std::vector<std::string> JsonFields::maybe_texts(std::string_view key) {
  std::vector<std::string> out;
  each(key, [&](const json::value& item, const std::string& path) {
    if (const auto* text = item.if_string())
      out.emplace_back(*text);
    else
      expected_found(errors_, file_, path, "base.expected_text", item);
  });
  return out;
}

const json::value* JsonFields::child(std::string_view key) { return take(key, Missing::is_error, "base.expected_any"); }

const json::value* JsonFields::maybe_child(std::string_view key) {
  return take(key, Missing::is_fine, "base.expected_any");
}

void JsonFields::each(std::string_view key, const std::function<void(const json::value&, const std::string&)>& item) {
  const auto* value = take(key, Missing::is_fine, "alert.expected_list");
  if (!value) return;
  const auto* list = value->if_array();
  if (!list) return expected_found(errors_, file_, path_of(key), "alert.expected_list", *value);
  for (std::size_t i = 0; i < list->size(); ++i) item((*list)[i], path_of(key) + "[" + std::to_string(i) + "]");
}

void JsonFields::each_text(std::string_view key,
                           const std::function<void(const std::string&, const std::string&)>& member) {
  const auto* value = take(key, Missing::is_fine, "base.expected_map");
  if (!value) return;
  const auto* object = value->if_object();
  if (!object) return expected_found(errors_, file_, path_of(key), "base.expected_map", *value);
  for (const auto& entry : *object) {
    const std::string name(entry.key());
    if (const auto* text = entry.value().if_string())
      member(name, std::string(*text));
    else
      expected_found(errors_, file_, path_of(key) + "." + name, "base.expected_text", entry.value());
  }
}

std::optional<std::size_t> JsonFields::pick(std::string_view key, const std::vector<std::string_view>& names,
                                            Missing missing) {
  const auto* value = take(key, missing, "base.expected_text");
  if (!value) return std::nullopt;
  const auto* text = value->if_string();
  if (!text) {
    expected_found(errors_, file_, path_of(key), "base.expected_text", *value);
    return std::nullopt;
  }
  std::string list;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::string_view(*text) == names[i]) return i;
    list += (list.empty() ? "" : ", ") + std::string(names[i]);
  }
  complain(key, {"base.expected_one_of", {{"choices", list}, {"found", shown(std::string_view(*text))}}});
  return std::nullopt;
}

}  // namespace broadcaster::alert
