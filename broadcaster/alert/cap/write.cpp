#include "broadcaster/alert/cap/write.hpp"

#include <fmt/format.h>

#include "broadcaster/alert/cap/schema.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/alert/references.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert::cap {
namespace {

/// XML 1.0 §2.2 Char, for valid UTF-8.
bool xml_can_carry(std::string_view text) {
  if (!base::valid_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
    // U+FFFE and U+FFFF
    if (byte == 0xef && text.substr(i, 2) == "\xef\xbf" && static_cast<unsigned char>(text[i + 2]) >= 0xbe)
      return false;
  }
  return true;
}

class Writer {
 public:
  base::Checked<std::string> run(const Alert& alert) {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out_ += fmt::format("<alert xmlns=\"{}\">\n", cap_space);
    indent_ = 1;
    head(alert);
    for (std::size_t i = 0; i < alert.infos.size(); ++i) info(alert.infos[i], fmt::format("info[{}].", i));
    out_ += "</alert>\n";
    if (errors_.empty()) check();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(out_);
  }

 private:
  void wrong(std::string path, base::Text text) {
    errors_.push_back({base::ErrorKind::bad_input, std::move(text), std::nullopt, std::move(path)});
  }

  void line(std::string_view name, std::string_view value) {
    out_.append(indent_ * 2, ' ');
    out_ += fmt::format("<{0}>{1}</{0}>\n", name, escaped(value));
  }
  void open(std::string_view name) {
    out_.append(indent_++ * 2, ' ');
    out_ += fmt::format("<{}>\n", name);
  }
  void close(std::string_view name) {
    out_.append(--indent_ * 2, ' ');
    out_ += fmt::format("</{}>\n", name);
  }

  void text(const std::string& path, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (!xml_can_carry(value)) return wrong(path + std::string(name), {"cap.not_xml_text", {}});
    line(name, value);
  }
  void required(const std::string& path, std::string_view name, const std::string& value) {
    if (trimmed(value).empty())
      return wrong(path + std::string(name), {"base.missing", {{"expected", base::Key{"base.expected_text"}}}});
    text(path, name, value);
  }
  void time(std::string_view name, const std::optional<base::WallTime>& value) {
    if (value) line(name, base::format_cap_time(*value));
  }
  void named(const std::string& path, std::string_view name, const std::vector<NamedValue>& values) {
    for (const auto& value : values) {
      open(name);
      required(path + std::string(name) + ".", "valueName", value.name);
      required(path + std::string(name) + ".", "value", value.value);
      close(name);
    }
  }

  void head(const Alert& alert) {
    required("", "identifier", alert.identifier);
    required("", "sender", alert.sender);
    if (!alert.sent) wrong("sent", {"base.missing", {{"expected", base::Key{"alert.expected_cap_time"}}}});
    time("sent", alert.sent);
    line("status", name(alert.status));
    line("msgType", name(alert.type));
    text("", "source", alert.source);
    line("scope", name(alert.scope));
    text("", "restriction", alert.restriction);
    text("", "addresses", alert.addresses);
    for (const auto& code : alert.codes) text("", "code", code);
    text("", "note", alert.note);
    text("", "references", references_text(alert.references));
    text("", "incidents", alert.incidents);
  }

  void info(const Info& info, const std::string& path) {
    open("info");
    line("language", info.language.value);
    for (const auto category : info.categories) line("category", name(category));
    required(path, "event", info.event);
    for (const auto response : info.responses) line("responseType", name(response));
    line("urgency", name(info.urgency));
    line("severity", name(info.severity));
    line("certainty", name(info.certainty));
    text(path, "audience", info.audience);
    named(path, "eventCode", info.event_codes);
    time("effective", info.effective);
    time("onset", info.onset);
    time("expires", info.expires);
    text(path, "senderName", info.sender_name);
    text(path, "headline", info.headline);
    text(path, "description", info.description);
    text(path, "instruction", info.instruction);
    text(path, "web", info.web);
    text(path, "contact", info.contact);
    named(path, "parameter", info.parameters);
    for (std::size_t i = 0; i < info.resources.size(); ++i)
      resource(info.resources[i], fmt::format("{}resource[{}].", path, i));
    for (std::size_t i = 0; i < info.areas.size(); ++i) area(info.areas[i], fmt::format("{}area[{}].", path, i));
    close("info");
  }

  void resource(const Resource& resource, const std::string& path) {
    open("resource");
    required(path, "resourceDesc", resource.description);
    required(path, "mimeType", resource.mime_type);
    if (resource.size_bytes) line("size", std::to_string(*resource.size_bytes));
    text(path, "uri", resource.uri);
    text(path, "derefUri", resource.deref_uri);
    text(path, "digest", resource.digest);
    close("resource");
  }

  void area(const Area& area, const std::string& path) {
    open("area");
    required(path, "areaDesc", area.description);
    for (const auto& polygon : area.polygons) {
      std::string points;
      for (const auto& point : polygon) points += (points.empty() ? "" : " ") + format_position(point);
      text(path, "polygon", points);
    }
    for (const auto& circle : area.circles)
      line("circle", format_position(circle.centre) + " " + format_decimal(circle.radius_km));
    named(path, "geocode", area.geocodes);
    if (area.altitude_feet) line("altitude", format_decimal(*area.altitude_feet));
    if (area.ceiling_feet) line("ceiling", format_decimal(*area.ceiling_feet));
    close("area");
  }

  /// What receivers will do with it, done first.
  void check() {
    const auto root = parse_xml(out_, "CAP");
    if (!root) return errors_.push_back(root.error());
    for (auto& fault : schema_faults(*root)) wrong(std::move(fault.element), std::move(fault.text));
  }

  std::string out_;
  std::size_t indent_ = 0;
  base::Errors errors_;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\r':  // XML 1.0 §2.11 would make a line feed of it
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

base::Checked<std::string> write_cap(const Alert& alert) { return Writer().run(alert); }

}  // namespace broadcaster::alert::cap
