#include "broadcaster/alert/cap/parts.hpp"

#include <algorithm>
#include <set>

#include "broadcaster/alert/cap/lenient.hpp"

namespace broadcaster::alert::cap {
namespace {

/// Nobody misspells more names than these in one element; what is beyond them is unknown.
constexpr int most_guesses = 64;

/// Nothing in it: treated as absent (empty <web/> and <value/> are common).
bool is_empty(const Element& element) { return element.children.empty() && trimmed(element.text).empty(); }

/// Text of an element and of all in it, as a reader would see "<p>Go <b>now</b></p>".
void flatten(const Element& element, std::string& out) {
  static constexpr std::string_view new_lines[] = {"br", "p", "div", "li", "tr"};
  std::size_t at = 0;
  for (const auto& child : element.children) {
    out.append(element.text, at, child.at - at);
    at = child.at;
    if (std::ranges::find(new_lines, child.name) != std::end(new_lines)) out += '\n';
    flatten(child, out);
  }
  out.append(element.text, at);
}

}  // namespace

Parts::Parts(const Element& element, std::string path, std::span<const Rule> rules, Notes& notes)
    : element_(element), path_(std::move(path)), notes_(notes) {
  sort(rules);
}

std::string Parts::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

bool Parts::same_but_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::vector<std::string> Parts::missing_of(std::span<const Rule> rules) const {
  std::set<std::string_view> there;
  for (const auto& child : element_.children) there.insert(child.name);
  std::vector<std::string> out;
  for (const auto& rule : rules)
    if (!there.contains(rule.name)) out.emplace_back(rule.name);
  return out;
}

/// The rule of a child: by its name, or by the name that its writer must have meant ("reference").
const Rule* Parts::meant(const Element& child, std::span<const Rule> rules, const std::vector<std::string>& missing) {
  if (const auto* rule = find_rule(rules, child.name)) return rule;
  if (++guesses_ > most_guesses) return nullptr;
  const auto near = nearest(child.name, missing);
  if (near.empty()) return nullptr;
  repaired(child.line, path_of(child.name), "<" + child.name + ">", "<" + near + ">");
  return find_rule(rules, near);
}

void Parts::sort(std::span<const Rule> rules) {
  for (const auto& rule : rules) by_name_[rule.name];
  const auto missing = missing_of(rules);
  std::size_t reached = 0;
  bool in_order = true;
  for (const auto& child : element_.children) {
    if (child.space == signature_space) continue;  // signature.hpp reads it
    const auto* rule = meant(child, rules, missing);
    if (!rule) {
      notes_.add(NoteKind::lost, child.line, path_of(child.name), {"cap.unknown_element", {}});
      continue;
    }
    const auto index = static_cast<std::size_t>(rule - rules.data());
    if (index < reached && in_order) {
      in_order = false;  // once is enough: the rest follows from it
      notes_.add(NoteKind::repaired, child.line, path_of(child.name),
                 {"cap.out_of_order", {{"before", std::string(rules[reached].name)}}});
    }
    reached = std::max(reached, index);
    if (is_empty(child))
      notes_.add(NoteKind::repaired, child.line, path_of(child.name), {"cap.empty_element", {}});
    else
      by_name_[rule->name].push_back(&child);
  }
  if (const auto stray = trimmed(element_.text); !stray.empty())
    lost(line(), path_.empty() ? "alert" : path_, "cap.stray_text", stray);
}

const std::vector<const Element*>& Parts::all(std::string_view name) const { return by_name_.at(name); }

const Element* Parts::one(std::string_view name) {
  const auto& found = all(name);
  for (std::size_t i = 1; i < found.size(); ++i)
    if (trimmed(found[i]->text) != trimmed(found[0]->text))
      lost(found[i]->line, path_of(name), "cap.given_twice", trimmed(found[i]->text));
    else
      notes_.add(NoteKind::repaired, found[i]->line, path_of(name), {"cap.same_twice", {}});
  return found.empty() ? nullptr : found[0];
}

std::string Parts::text(std::string_view name) {
  const auto* element = one(name);
  return element ? text_of(*element, path_of(name)) : std::string();
}

std::string Parts::text_of(const Element& element, const std::string& path) {
  std::string whole;
  flatten(element, whole);
  auto clean = lenient_text(whole);
  if (!element.children.empty())
    notes_.add(NoteKind::repaired, element.line, path, {"cap.elements_in_text", {{"made", shown(clean.value)}}});
  else if (clean.care == Care::repaired)
    repaired(element.line, path, shown(trimmed(whole)), shown(clean.value));
  return std::move(clean.value);
}

void Parts::repaired(int line, std::string path, std::string found, std::string made) {
  notes_.add(NoteKind::repaired, line, std::move(path),
             {"cap.repaired", {{"found", std::move(found)}, {"made", std::move(made)}}});
}

void Parts::lost(int line, std::string path, std::string_view text_id, std::string_view found) {
  notes_.add(NoteKind::lost, line, std::move(path), {std::string(text_id), {{"found", shown(found)}}});
}

}  // namespace broadcaster::alert::cap
