#include "broadcaster/alert/alert_yaml.hpp"

#include <algorithm>

#include "broadcaster/alert/cap_rules.hpp"
#include "broadcaster/alert/info_yaml.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/alert/yaml_values.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::alert {
namespace {

using base::Errors;
using base::Fields;
using base::Node;

class Reader {
 public:
  Reader(const Node& root, const ReadContext& context) : root_(root), context_(context) { r_.now = context.now; }

  base::Checked<Alert> run() {
    {
      Fields fields(root_, "", r_.errors);
      head(fields);
      ours(fields);
      infos(fields);
    }
    rules();
    drop_repeated();
    if (!r_.errors.empty()) return std::unexpected(std::move(r_.errors));
    return std::move(alert_);
  }

 private:
  std::string text(Fields& fields, std::string_view key) {
    if (const Node* node = fields.maybe_child(key)) note(std::string(key), fields.path_of(key), *node);
    return fields.maybe_text(key).value_or("");
  }

  void note(const std::string& model, const std::string& key, const Node& node) {
    r_.written[model] = {key, node.place};
  }

  // CAP §3.2.1
  void head(Fields& fields) {
    alert_.identifier = text(fields, "identifier");
    alert_.sender = text(fields, "sender");
    if (const Node* sent = fields.maybe_child("sent")) {
      note("sent", "sent", *sent);
      const auto time = base::parse_cap_time(sent->scalar);
      if (time)
        alert_.sent = *time;
      else
        unexpected_node(r_.errors, *sent, "sent", "alert.expected_cap_time");
    }
    alert_.status = fields.choice<Status>("status", choices<Status>());
    alert_.type = fields.maybe_choice<MessageType>("msgType", choices<MessageType>()).value_or(MessageType::alert);
    alert_.source = text(fields, "source");
    alert_.scope = fields.maybe_choice<Scope>("scope", choices<Scope>()).value_or(Scope::public_);
    alert_.restriction = text(fields, "restriction");
    alert_.addresses = text(fields, "addresses");
    if (const Node* codes = fields.maybe_child("code"))
      each_of(*codes, "code", [&](const Node& node, const std::string& path) {
        if (const auto code = node_text(r_.errors, node, path)) alert_.codes.push_back(*code);
      });
    alert_.note = text(fields, "note");
    if (const Node* node = fields.maybe_child("references")) references(*node);
    alert_.incidents = text(fields, "incidents");
  }

  /// "sender,identifier,sent sender,identifier,sent", one text or a list. The three are kept letter for letter.
  void references(const Node& list) {
    note("references", "references", list);
    each_of(list, "references", [&](const Node& node, const std::string& path) {
      const auto whole = node_text(r_.errors, node, path);
      if (!whole) return;
      constexpr std::string_view space = " \t\r\n";
      for (std::size_t at = 0; (at = whole->find_first_not_of(space, at)) != std::string::npos;) {
        const auto end = std::min(whole->find_first_of(space, at), whole->size());
        reference(whole->substr(at, end - at), node, path);
        at = end;
      }
    });
  }

  void reference(const std::string& triple, const Node& node, const std::string& path) {
    const auto first = triple.find(',');
    const auto second = first == std::string::npos ? first : triple.find(',', first + 1);
    if (second == std::string::npos || triple.find(',', second + 1) != std::string::npos)
      return wrong_node(r_.errors, node, path, {"alert.bad_reference", {{"found", shown(triple)}}});
    note("references[" + std::to_string(alert_.references.size()) + "]", path, node);
    alert_.references.push_back(
        {triple.substr(0, first), triple.substr(first + 1, second - first - 1), triple.substr(second + 1)});
  }

  // What CAP does not have.
  void ours(Fields& fields) {
    alert_.hazard = text(fields, "hazard");
    if (!alert_.hazard.empty() && !is_id(alert_.hazard))
      fields.complain("hazard", {"alert.bad_id", {{"found", shown(alert_.hazard)}}});
    alert_.level = text(fields, "level");
    alert_.confirmation = text(fields, "confirmation");
    if (const Node* list = fields.maybe_child("zones")) zones(*list);
    if (const Node* slots = fields.maybe_child("slots"))
      for (auto& [name, value] : node_texts(r_.errors, *slots, "slots"))
        alert_.slots.push_back({std::move(name), std::move(value)});
  }

  void zones(const Node& list) {
    note("zones", "zones", list);
    if (list.kind != Node::Kind::list) return unexpected_node(r_.errors, list, "zones", "alert.expected_zones");
    each_of(list, "zones", [&](const Node& node, const std::string& path) {
      note("zones[" + std::to_string(alert_.zones.size()) + "]", path, node);
      ZoneOrder order;
      if (node.kind == Node::Kind::map) {
        Fields fields(node, path, r_.errors);
        order.zone = ZoneId(fields.text("zone"));
        if (const Node* onset = fields.maybe_child("onset")) order.onset = node_time(r_, *onset, path + ".onset");
        order.ending = fields.maybe_choice<Ending>("return", choices<Ending>());
      } else if (const auto id = node_text(r_.errors, node, path)) {
        order.zone = ZoneId(*id);
      }
      if (order.zone.value.empty()) return;  // reported
      if (context_.zones && !context_.zones->find(order.zone))
        wrong_node(r_.errors, node, path, unknown_zone(order.zone, *context_.zones));
      else if (!is_id(order.zone.value))
        wrong_node(r_.errors, node, path, {"alert.bad_id", {{"found", shown(order.zone.value)}}});
      alert_.zones.push_back(std::move(order));
    });
  }

  void infos(Fields& fields) {
    const Node* languages = fields.maybe_child("languages");
    const Node* list = fields.maybe_child("info");
    if (languages && list) {
      fields.complain("languages", {"alert.languages_and_info", {}});
      list = nullptr;
    }
    if (languages) short_form(*languages);
    if (list) each_of(*list, "info", [&](const Node& node, const std::string&) { language_of(node); });
    shared(fields);
    std::size_t index = 0;
    if (list)
      each_of(*list, "info", [&](const Node& node, const std::string& path) {
        own(node, path, "info[" + std::to_string(index) + "]", alert_.infos[index]);
        ++index;
      });
    required();
  }

  void short_form(const Node& list) {
    note("languages", "languages", list);
    if (list.kind != Node::Kind::list || list.items.empty())
      return unexpected_node(r_.errors, list, "languages", "alert.expected_languages");
    each_of(list, "languages", [&](const Node& node, const std::string& path) {
      const auto language = node_text(r_.errors, node, path);
      if (!language) return;
      if (!is_language(*language))
        return wrong_node(r_.errors, node, path, {"alert.bad_language", {{"found", shown(*language)}}});
      if (known(*language))
        return wrong_node(r_.errors, node, path, {"alert.language_twice", {{"language", shown(*language)}}});
      // Mistakes of this info are mistakes at the top of the file.
      r_.written["info[" + std::to_string(alert_.infos.size()) + "]"] = {"", root_.place};
      add_info(*language);
    });
  }

  bool known(const std::string& language) const {
    return std::ranges::any_of(alert_.infos, [&](const Info& i) { return i.language.value == language; });
  }

  void add_info(const std::string& language) {
    alert_.infos.emplace_back();
    alert_.infos.back().language = Language(language);
  }

  /// Languages first: the top of the file is read with them.
  void language_of(const Node& node) {
    const Node* language = node.find("language");
    note("info[" + std::to_string(alert_.infos.size()) + "]", "info[" + std::to_string(alert_.infos.size()) + "]",
         node);
    add_info(language && language->kind == Node::Kind::scalar ? language->scalar : "");
  }

  void shared(Fields& fields) {
    std::vector<Language> languages;
    for (const auto& info : alert_.infos) languages.push_back(info.language);
    for (std::size_t i = 0; i < alert_.infos.size(); ++i)
      overlay_info(r_, fields, "info[" + std::to_string(i) + "]", languages, alert_.infos[i]);
    if (!alert_.infos.empty() || !needs_info(alert_.type)) return;
    // No language yet is the mistake; the keys themselves are known.
    Info nobody;
    overlay_info(r_, fields, "", {}, nobody);
  }

  void own(const Node& node, const std::string& path, const std::string& model, Info& info) {
    Fields fields(node, path, r_.errors);
    const auto language = fields.text("language");
    if (!language.empty() && !is_language(language))
      fields.complain("language", {"alert.bad_language", {{"found", shown(language)}}});
    overlay_info(r_, fields, model, {}, info);
  }

  /// CAP requires them, and "Unknown" is an answer that a person must give.
  void required() {
    for (std::size_t i = 0; i < alert_.infos.size(); ++i)
      for (const auto* key : {"urgency", "severity", "certainty"}) {
        const auto path = "info[" + std::to_string(i) + "]." + key;
        if (r_.written.contains(path)) continue;
        const auto at = written(path);
        r_.errors.push_back({.kind = base::ErrorKind::bad_input,
                             .text = {"base.missing", {{"expected", base::Key{"alert.expected_cap_word"}}}},
                             .place = at.place,
                             .key = at.key});
      }
  }

  /// Where an element stands in the file, or the nearest thing around it.
  Written written(const std::string& path) const {
    std::string rest;
    for (std::string around = path;;) {
      if (const auto at = r_.written.find(around); at != r_.written.end()) {
        auto found = at->second;
        if (found.key.empty() && !rest.empty() && rest[0] == '.') rest.erase(0, 1);
        found.key += rest;
        return found;
      }
      const auto cut = around.find_last_of(".[");
      if (cut == std::string::npos) return {path, root_.place};
      rest = around.substr(cut) + rest;
      around.erase(cut);
    }
  }

  bool complained(const std::string& key) const {
    return std::ranges::any_of(r_.errors, [&](const base::Error& e) {
      return e.key == key || e.key.starts_with(key + ".") || e.key.starts_with(key + "[");
    });
  }

  /// A value that could not be read is reported already; what follows from it is no second mistake.
  void rules() {
    for (auto& fault : cap_faults(alert_, context_.now)) {
      auto at = written(fault.path);
      if (complained(at.key)) continue;
      r_.errors.push_back({.kind = base::ErrorKind::bad_input,
                           .text = std::move(fault.text),
                           .place = std::move(at.place),
                           .key = std::move(at.key)});
    }
  }

  /// The top of the file is read once for each language.
  void drop_repeated() {
    Errors once;
    for (auto& error : r_.errors)
      if (std::ranges::find(once, error) == once.end()) once.push_back(std::move(error));
    r_.errors = std::move(once);
  }

  const Node& root_;
  const ReadContext& context_;
  YamlReading r_;
  Alert alert_;
};

}  // namespace

base::Checked<Alert> parse_alert(const std::string& text, const std::string& file, const ReadContext& context) {
  auto root = base::parse_yaml(text, file);
  if (!root) return std::unexpected(root.error());
  return alert_from_yaml(std::move(*root), context);
}

base::Checked<Alert> alert_from_yaml(base::Node root, const ReadContext& context) {
  normalise(root);
  return Reader(root, context).run();
}

base::Checked<Alert> read_alert(const std::filesystem::path& path, const ReadContext& context) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(Errors{text.error()});
  return parse_alert(*text, path.string(), context);
}

}  // namespace broadcaster::alert
