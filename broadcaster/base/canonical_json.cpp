#include "broadcaster/base/canonical_json.hpp"

#include <boost/json.hpp>
#include <map>
#include <stdexcept>
#include <unordered_set>
#include <vector>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::base {
namespace {

namespace json = boost::json;

constexpr std::int64_t largest = (std::int64_t{1} << 53) - 1;
constexpr std::size_t max_depth = 32;

void write_string(std::string_view text, std::string& out) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : nfc(text)) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20) {
          out += "\\u00";
          out += digits[byte >> 4];
          out += digits[byte & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write_whole(std::int64_t value, std::string& out) {
  if (value > largest || value < -largest) throw std::logic_error("canonical JSON: a number beyond 2^53-1");
  out += std::to_string(value);
}

void write(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      return write_whole(value.get_int64(), out);
    case json::kind::uint64:
      if (value.get_uint64() > std::uint64_t{largest}) throw std::logic_error("canonical JSON: a number beyond 2^53-1");
      return write_whole(static_cast<std::int64_t>(value.get_uint64()), out);
    case json::kind::double_:
      throw std::logic_error("canonical JSON: a number that is not whole");
    case json::kind::string:
      return write_string({value.get_string().data(), value.get_string().size()}, out);
    case json::kind::array: {
      char before = '[';
      if (value.get_array().empty()) out += before;
      for (const auto& item : value.get_array()) {
        out += before;
        before = ',';
        write(item, out);
      }
      out += ']';
      return;
    }
    case json::kind::object: {
      std::map<std::string, const json::value*> sorted;  // by bytes, after NFC
      for (const auto& [key, item] : value.get_object())
        if (!sorted.emplace(nfc({key.data(), key.size()}), &item).second)
          throw std::logic_error("canonical JSON: two keys are one in normal form C");
      char before = '{';
      if (sorted.empty()) out += before;
      for (const auto& [key, item] : sorted) {
        out += before;
        before = ',';
        write_string(key, out);
        out += ':';
        write(*item, out);
      }
      out += '}';
      return;
    }
  }
}

Place place_at(std::string_view text, std::size_t at, const std::string& file) {
  Place place{file, 1, 1};
  for (std::size_t i = 0; i < at && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

std::unexpected<Error> refuse(Text text, Place place, std::string key = {}) {
  return std::unexpected(
      Error{.kind = ErrorKind::bad_input, .text = std::move(text), .place = std::move(place), .key = std::move(key)});
}

/// An escape from \ud800 to \udfff without its other half: no character, so no UTF-8 (RFC 8259 §8.2). Boost.JSON calls
/// a first half with no escape behind it "syntax"; `before` is the text up to the error.
bool half_of_a_pair(const json::error_code& error, std::string_view before) {
  if (error == json::error::illegal_leading_surrogate || error == json::error::illegal_trailing_surrogate) return true;
  if (before.ends_with('\\')) before.remove_suffix(1);
  if (error != json::error::syntax || before.size() < 6) return false;
  const auto escape = before.substr(before.size() - 6);  // \ud8xx to \udbxx
  if (!escape.starts_with("\\ud") && !escape.starts_with("\\uD")) return false;
  const auto slashes = before.size() - 5 - (before.find_last_not_of('\\', before.size() - 6) + 1);
  return std::string_view("89abAB").find(escape[3]) != std::string_view::npos && slashes % 2 == 1;
}

struct Repeated {
  std::size_t at;
  std::string key;
};

/// The first key given twice in one object. Boost.JSON keeps the last of two in silence. `text` has parsed.
std::optional<Repeated> repeated_key(std::string_view text) {
  std::vector<std::unordered_set<std::string>> objects;  // an array's set stays empty
  std::string open;
  char before = 0;  // the last character that is no white space
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    if (c == '{' || c == '[') {
      open += c;
      objects.emplace_back();
    } else if (c == '}' || c == ']') {
      open.pop_back();
      objects.pop_back();
    } else if (c == '"') {
      const std::size_t start = i;
      for (++i; text[i] != '"'; ++i)
        if (text[i] == '\\') ++i;
      if (!open.empty() && open.back() == '{' && (before == '{' || before == ',')) {
        const auto literal = text.substr(start, i - start + 1);
        const auto name = json::parse(json::string_view(literal.data(), literal.size()));
        auto key = nfc({name.get_string().data(), name.get_string().size()});
        if (!objects.back().insert(key).second) return Repeated{start, std::move(key)};
      }
    }
    before = c;
  }
  return std::nullopt;
}

/// The path of the first text or key that holds one; nullopt: none does.
std::optional<std::string> path_of_hidden(const json::value& value, const std::string& path) {
  const auto hides = [](const json::string_view& text) { return hidden_character({text.data(), text.size()}); };
  if (const auto* text = value.if_string()) return hides(*text) ? std::optional(path) : std::nullopt;
  if (const auto* list = value.if_array())
    for (std::size_t i = 0; i < list->size(); ++i)
      if (auto found = path_of_hidden((*list)[i], path + "[" + std::to_string(i) + "]")) return found;
  if (const auto* object = value.if_object())
    for (const auto& [key, child] : *object) {
      if (hides(key)) return path;
      if (auto found = path_of_hidden(child, path + (path.empty() ? "" : ".") + std::string(key))) return found;
    }
  return std::nullopt;
}

}  // namespace

std::string canonical_json(const json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

Result<json::value> parse_json(const std::string& text, const std::string& file, std::size_t max_bytes) {
  if (text.size() > max_bytes)
    return refuse({"base.file_too_large", {{"file", file}, {"limit", static_cast<std::int64_t>(max_bytes)}}}, {});
  if (const auto good = valid_utf8_prefix(text); good < text.size())
    return refuse({"base.not_utf8", {}}, place_at(text, good, file));
  json::parse_options options;
  options.max_depth = max_depth;
  json::stream_parser parser({}, options);
  json::error_code error;
  const auto read = parser.write_some(text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error == json::error::too_deep)
    return refuse({"base.yaml_too_deep", {{"limit", std::int64_t{max_depth}}}}, place_at(text, read, file));
  if (half_of_a_pair(error, std::string_view(text).substr(0, read)))
    return refuse({"base.json_half_pair", {}}, place_at(text, read, file));
  if (error) return refuse({"base.bad_json", {}}, place_at(text, read, file));
  if (const auto twice = repeated_key(text))
    return refuse({"base.json_given_twice", {}}, place_at(text, twice->at, file), twice->key);
  return parser.release();
}

Result<json::value> parse_written_json(const std::string& text, const std::string& file) {
  auto value = parse_json(text, file);
  if (!value) return value;
  if (auto path = path_of_hidden(*value, {})) return refuse({"base.hidden_character", {}}, {file, 0, 0}, *path);
  return value;
}

}  // namespace broadcaster::base
