#include "broadcaster/alert/cap/schema.hpp"

#include <algorithm>
#include <array>

#include "broadcaster/alert/vocabulary.hpp"
#include "broadcaster/alert/wording.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::alert::cap {
namespace {

template <class E, std::size_t N>
std::array<std::string_view, N> spelt() {
  std::array<std::string_view, N> out;
  std::ranges::transform(choices<E>(), out.begin(), [](const auto& choice) { return choice.first; });
  return out;
}

const auto statuses = spelt<Status, 5>();
const auto message_types = spelt<MessageType, 5>();
const auto scopes = spelt<Scope, 3>();
const auto categories = spelt<Category, 12>();
const auto responses = spelt<ResponseType, 9>();
const auto urgencies = spelt<Urgency, 5>();
const auto severities = spelt<Severity, 5>();
const auto certainties = spelt<Certainty, 5>();

constexpr int any = 0;

const std::array<Rule, 2> pair{{{"valueName", 1}, {"value", 1}}};

const std::array<Rule, 6> resource{{{"resourceDesc", 1},
                                    {"mimeType", 1},
                                    {"size", 0, 1, Type::whole},
                                    {"uri", 0, 1, Type::uri},
                                    {"derefUri"},
                                    {"digest"}}};

const std::array<Rule, 6> area{{{"areaDesc", 1},
                                {"polygon", 0, any},
                                {"circle", 0, any},
                                {"geocode", 0, any, Type::group, {}, pair},
                                {"altitude", 0, 1, Type::decimal},
                                {"ceiling", 0, 1, Type::decimal}}};

const std::array<Rule, 21> info{{{"language", 0, 1, Type::language},
                                 {"category", 1, any, Type::word, categories},
                                 {"event", 1},
                                 {"responseType", 0, any, Type::word, responses},
                                 {"urgency", 1, 1, Type::word, urgencies},
                                 {"severity", 1, 1, Type::word, severities},
                                 {"certainty", 1, 1, Type::word, certainties},
                                 {"audience"},
                                 {"eventCode", 0, any, Type::group, {}, pair},
                                 {"effective", 0, 1, Type::time},
                                 {"onset", 0, 1, Type::time},
                                 {"expires", 0, 1, Type::time},
                                 {"senderName"},
                                 {"headline"},
                                 {"description"},
                                 {"instruction"},
                                 {"web", 0, 1, Type::uri},
                                 {"contact"},
                                 {"parameter", 0, any, Type::group, {}, pair},
                                 {"resource", 0, any, Type::group, {}, resource},
                                 {"area", 0, any, Type::group, {}, area}}};

const std::array<Rule, 14> alert{{{"identifier", 1},
                                  {"sender", 1},
                                  {"sent", 1, 1, Type::time},
                                  {"status", 1, 1, Type::word, statuses},
                                  {"msgType", 1, 1, Type::word, message_types},
                                  {"source"},
                                  {"scope", 1, 1, Type::word, scopes},
                                  {"restriction"},
                                  {"addresses"},
                                  {"code", 0, any},
                                  {"note"},
                                  {"references"},
                                  {"incidents"},
                                  {"info", 0, any, Type::group, {}, info}}};

/// XML Schema part 2 §3.3.3: subtags of one to eight letters (later ones letters or digits).
bool is_xs_language(std::string_view text) {
  std::size_t length = 0;
  bool first = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == '-') {
      if (length == 0) return false;
      first = false;
      length = 0;
    } else if ((!letter && (first || c < '0' || c > '9')) || ++length > 8) {
      return false;
    }
  }
  return length > 0;
}

/// XML Schema part 2 §3.2.3 and §3.3.13.
enum class Point { allowed, forbidden };
bool is_number(std::string_view text, Point point) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto points = std::ranges::count(text, '.');
  if (points > (point == Point::allowed ? 1 : 0) || text.size() == static_cast<std::size_t>(points)) return false;
  return std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

class Validator {
 public:
  std::vector<SchemaFault> run(const Element& root) {
    if (root.name != "alert" || root.space != cap_space)
      fault(root, root.name, {"cap.schema_root", {{"found", shown(root.name)}, {"space", shown(root.space)}}});
    else
      group(root, alert, "");
    return std::move(faults_);
  }

 private:
  void fault(const Element& at, std::string path, base::Text text) {
    faults_.push_back({at.line, std::move(path), std::move(text)});
  }

  void group(const Element& parent, std::span<const Rule> rules, const std::string& path) {
    if (!trimmed(parent.text).empty())
      fault(parent, path, {"cap.schema_stray_text", {{"found", shown(trimmed(parent.text))}}});
    std::vector<int> counts(rules.size(), 0);
    std::size_t reached = 0;
    bool signatures = false;
    for (const auto& child : parent.children) {
      const auto here = path + (path.empty() ? "" : ".") + child.name;
      if (path.empty() && child.space == signature_space) {
        signatures = true;
        continue;
      }
      const auto* rule = child.space == cap_space ? find_rule(rules, child.name) : nullptr;
      if (!rule) {
        fault(child, here, {"cap.schema_unknown", {}});
        continue;
      }
      const auto index = static_cast<std::size_t>(rule - rules.data());
      if (index < reached || signatures) fault(child, here, {"cap.schema_order", {}});
      reached = std::max(reached, index);
      const int count = counts[index]++;
      if (rule->most != any && count >= rule->most) fault(child, here, {"cap.schema_twice", {}});
      one(child, *rule, rule->most == any ? here + "[" + std::to_string(count) + "]" : here);
    }
    for (std::size_t i = 0; i < rules.size(); ++i)
      if (counts[i] < rules[i].least)
        fault(parent, path + (path.empty() ? "" : ".") + std::string(rules[i].name), {"cap.schema_missing", {}});
  }

  void one(const Element& element, const Rule& rule, const std::string& path) {
    if (rule.type == Type::group) return group(element, rule.children, path);
    if (!element.children.empty()) return fault(element, path, {"cap.schema_not_simple", {}});
    if (!fits(rule, element.text)) fault(element, path, {"cap.schema_value", {{"found", shown(element.text)}}});
  }

  static bool fits(const Rule& rule, const std::string& text) {
    switch (rule.type) {
      case Type::text:
      case Type::uri:  // xs:anyURI takes every text (XML Schema part 2 §3.2.17)
      case Type::group:
        return true;
      case Type::time:
        return base::parse_cap_time(std::string(trimmed(text))).has_value();
      case Type::language:
        return is_xs_language(trimmed(text));
      case Type::whole:
        return is_number(trimmed(text), Point::forbidden);
      case Type::decimal:
        return is_number(trimmed(text), Point::allowed);
      case Type::word:
        return std::ranges::find(rule.words, std::string_view(text)) != rule.words.end();
    }
    return false;
  }

  std::vector<SchemaFault> faults_;
};

}  // namespace

std::span<const Rule> alert_rules() { return alert; }
std::span<const Rule> info_rules() { return info; }
std::span<const Rule> resource_rules() { return resource; }
std::span<const Rule> area_rules() { return area; }
std::span<const Rule> pair_rules() { return pair; }

const Rule* find_rule(std::span<const Rule> rules, std::string_view name) {
  const auto at = std::ranges::find(rules, name, &Rule::name);
  return at == rules.end() ? nullptr : &*at;
}

std::vector<SchemaFault> schema_faults(const Element& root) { return Validator().run(root); }

}  // namespace broadcaster::alert::cap
