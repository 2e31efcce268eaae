#include "broadcaster/feeds/index.hpp"

#include <algorithm>

#include "broadcaster/alert/cap/lenient.hpp"
#include "broadcaster/feeds/links.hpp"

namespace broadcaster::feeds {
namespace {

using alert::cap::Element;
using alert::cap::trimmed;

/// A link, an id, a time: longer is none.
constexpr std::size_t longest_text = 2048;

std::string text_of(const Element& element) {
  const auto text = trimmed(element.text);
  return text.size() <= longest_text ? std::string(text) : std::string();
}

const Element* child(const Element& element, std::string_view name) {
  const auto found = std::ranges::find(element.children, name, &Element::name);
  return found == element.children.end() ? nullptr : &*found;
}

std::string child_text(const Element& element, std::string_view name) {
  const auto* found = child(element, name);
  return found ? text_of(*found) : std::string();
}

std::string_view attribute(const Element& element, std::string_view name) {
  for (const auto& [key, value] : element.attributes)
    if (key == name && value.size() <= longest_text) return value;
  return {};
}

bool holds_alert(const Element& element) {
  return element.name == "alert" || std::ranges::any_of(element.children, holds_alert);
}

/// How likely a link leads to the alert itself: by its type, else by what it is to the entry. 0: it does not.
int rank(const Element& link) {
  if (link.name != "link" || attribute(link, "href").empty()) return 0;
  if (attribute(link, "type").starts_with("application/cap+xml")) return 4;
  const auto rel = attribute(link, "rel");
  const bool typed = !attribute(link, "type").empty();
  const bool xml = attribute(link, "type").ends_with("xml");
  if (rel == "self" || rel == "edit" || (typed && !xml)) return 0;
  if (rel.empty() || rel == "alternate") return typed ? 3 : 2;
  return 1;
}

Entry atom_entry(const Element& element, const std::string& url) {
  Entry out;
  const Element* best = nullptr;
  for (const auto& link : element.children)
    if (rank(link) > (best ? rank(*best) : 0)) best = &link;
  if (best) out.link = resolved(url, trimmed(attribute(*best, "href")));
  out.id = child_text(element, "id");
  out.updated = child_text(element, "updated");
  return out;
}

Entry rss_entry(const Element& element, const std::string& url) {
  Entry out;
  const auto link = child_text(element, "link");
  if (!link.empty()) out.link = resolved(url, link);
  out.id = child_text(element, "guid");
  out.updated = child_text(element, "pubDate");
  return out;
}

const Element* list_of(const Element& root) {
  if (root.name == "feed") return &root;
  if (root.name == "rss") return child(root, "channel");
  return nullptr;
}

}  // namespace

bool is_index(const Element& root) { return list_of(root) != nullptr; }

Index read_index(const Element& root, const std::string& url) {
  Index out;
  const auto* list = list_of(root);
  if (!list) return out;
  const bool atom = list == &root;
  for (const auto& element : list->children) {
    if (element.name != (atom ? "entry" : "item") || holds_alert(element)) continue;
    if (out.entries.size() == most_entries) {
      ++out.left_out;
      continue;
    }
    auto entry = atom ? atom_entry(element, url) : rss_entry(element, url);
    if (entry.id.empty()) entry.id = entry.link;
    if (const auto time = alert::cap::lenient_time(entry.updated)) entry.time = time->value;
    out.entries.push_back(std::move(entry));
  }
  return out;
}

}  // namespace broadcaster::feeds
