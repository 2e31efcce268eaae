#include "broadcaster/alert/cap/read.hpp"

#include <algorithm>

#include "broadcaster/alert/cap/lenient.hpp"
#include "broadcaster/alert/cap/parts.hpp"
#include "broadcaster/alert/cap/read_info.hpp"
#include "broadcaster/alert/cap/xml.hpp"
#include "broadcaster/alert/cap_rules.hpp"

namespace broadcaster::alert::cap {
namespace {

/// Alerts in whatever stands around them; never one inside another.
void find_alerts(const Element& element, std::vector<const Element*>& out) {
  if (element.name == "alert") return out.push_back(&element);
  for (const auto& child : element.children) find_alerts(child, out);
}

/// "a, b , c d" → "a,b,c d": white space around a comma does not part two references.
std::string without_space_at_commas(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = space.find(text[i]) != std::string_view::npos;
    if (blank) {
      const auto next = text.find_first_not_of(space, i);
      if ((next != std::string_view::npos && text[next] == ',') || out.ends_with(',')) continue;
    }
    out += text[i];
  }
  return out;
}

class AlertReader {
 public:
  AlertReader(const Element& element, const std::string& file) : element_(element), file_(file) {}

  base::Result<ReadAlert> run() {
    space();
    Parts parts(element_, "", alert_rules(), notes_);
    const auto* type = parts.one("msgType");
    const auto message_type = type ? parts.word<MessageType>(*type, "msgType", "–") : std::nullopt;
    // An Alert that is taken for a Cancel, or the other way round, is the worst of all mistakes.
    if (!message_type)
      return std::unexpected(base::Error{.kind = base::ErrorKind::bad_input,
                                         .text = {"cap.no_message_type", {}},
                                         .place = base::Place{file_, (type ? *type : element_).line, 0},
                                         .key = "msgType"});
    alert_.type = *message_type;
    head(parts);
    std::size_t index = 0;
    for (const auto* info : parts.all("info"))
      alert_.infos.push_back(read_info(*info, "info[" + std::to_string(index++) + "]", notes_));
    return ReadAlert{std::move(alert_), std::move(notes_), element_.line};
  }

 private:
  void space() {
    if (element_.space == cap_space) return;
    notes_.add(NoteKind::repaired, element_.line, "alert", {"cap.other_space", {{"found", shown(element_.space)}}});
  }

  // CAP §3.2.1
  void head(Parts& parts) {
    alert_.identifier = name(parts, "identifier");
    alert_.sender = name(parts, "sender");
    if (const auto* sent = parts.one("sent")) alert_.sent = read_time(*sent, "sent", notes_);
    alert_.status = parts.word<Status>("status", Status::draft);
    alert_.source = parts.text("source");
    alert_.scope = parts.word<Scope>("scope", Scope::restricted);
    alert_.restriction = parts.text("restriction");
    if (!alert_.restriction.empty() && alert_.scope != Scope::restricted) {
      parts.lost(element_.line, "restriction", "cap.restriction_alone", alert_.restriction);
      alert_.restriction.clear();
    }
    alert_.addresses = parts.text("addresses");
    for (const auto* code : parts.all("code")) alert_.codes.push_back(parts.text_of(*code, "code"));
    std::erase(alert_.codes, std::string());
    alert_.note = parts.text("note");
    if (const auto* references = parts.one("references")) read_references(parts, *references);
    alert_.incidents = parts.text("incidents");
  }

  std::string name(Parts& parts, std::string_view element) {
    auto text = parts.text(element);
    if (text.empty() || !is_cap_name(text)) parts.lost(element_.line, std::string(element), "cap.bad_name", text);
    return text;
  }

  void read_references(Parts& parts, const Element& element) {
    const auto whole = parts.text_of(element, "references");
    const auto tight = without_space_at_commas(whole);
    if (tight != whole) parts.repaired(element.line, "references", shown(whole), shown(tight));
    constexpr std::string_view space = " \t\r\n";
    for (std::size_t at = 0; (at = tight.find_first_not_of(space, at)) != std::string::npos;) {
      const auto end = std::min(tight.find_first_of(space, at), tight.size());
      reference(parts, element, std::string_view(tight).substr(at, end - at));
      at = end;
    }
  }

  /// "sender,identifier,sent". The three are kept letter for letter but for a time that is none of CAP's.
  void reference(Parts& parts, const Element& element, std::string_view triple) {
    const auto first = triple.find(',');
    const auto second = first == std::string_view::npos ? first : triple.find(',', first + 1);
    if (second == std::string_view::npos) return parts.lost(element.line, "references", "cap.half_reference", triple);
    Reference out{std::string(triple.substr(0, first)), std::string(triple.substr(first + 1, second - first - 1)),
                  std::string(triple.substr(second + 1))};
    const auto sent = lenient_time(out.sent);
    if (!sent || !is_cap_name(out.sender) || !is_cap_name(out.identifier))
      return parts.lost(element.line, "references", "cap.half_reference", triple);
    if (sent->care == Care::repaired) {
      const auto made = base::format_cap_time(sent->value);
      parts.repaired(element.line, "references", shown(out.sent), made);
      out.sent = made;
    }
    alert_.references.push_back(std::move(out));
  }

  const Element& element_;
  const std::string& file_;
  Alert alert_;
  Notes notes_;
};

}  // namespace

base::Checked<std::vector<ReadAlert>> read_cap(const Element& root, const std::string& file) {
  std::vector<const Element*> found;
  find_alerts(root, found);
  base::Errors errors;
  if (found.empty())
    errors.push_back({.kind = base::ErrorKind::bad_input,
                      .text = {"cap.no_alert", {{"found", shown("<" + root.name + ">")}}},
                      .place = base::Place{file, root.line, 0},
                      .key = {}});
  std::vector<ReadAlert> out;
  for (const auto* element : found) {
    auto read = AlertReader(*element, file).run();
    if (!read) {
      errors.push_back(std::move(read.error()));
      continue;
    }
    if (element != &root)
      read->notes.add(NoteKind::repaired, element->line, "alert", {"cap.wrapped", {{"found", "<" + root.name + ">"}}});
    out.push_back(std::move(*read));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

base::Checked<std::vector<ReadAlert>> read_cap(std::string_view text, const std::string& file) {
  const auto root = parse_xml(text, file);
  if (!root) return std::unexpected(base::Errors{root.error()});
  return read_cap(*root, file);
}

}  // namespace broadcaster::alert::cap
