#include "channels/cap_feed/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "broadcaster/alert/cap/read.hpp"
#include "broadcaster/alert/cap/write.hpp"
#include "broadcaster/alert/cap/xml.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace cap = alert::cap;
using cap::Element;

constexpr std::string_view atom_space = "http://www.w3.org/2005/Atom";
constexpr std::string_view mode_scheme = "broadcaster:mode";

/// For an attribute, too.
std::string in_xml(std::string_view text) {
  auto out = cap::escaped(text);
  for (std::size_t at = 0; (at = out.find('"', at)) != std::string::npos; at += 6) out.replace(at, 1, "&quot;");
  return out;
}

const Element* child(const Element& parent, std::string_view space, std::string_view name) {
  const auto found =
      std::ranges::find_if(parent.children, [&](const Element& one) { return one.space == space && one.name == name; });
  return found == parent.children.end() ? nullptr : &*found;
}

std::string text_of(const Element& parent, std::string_view space, std::string_view name) {
  const auto* found = child(parent, space, name);
  return found ? std::string(cap::trimmed(found->text)) : std::string();
}

std::string attribute(const Element& element, std::string_view name) {
  const auto found = std::ranges::find(element.attributes, name, &std::pair<std::string, std::string>::first);
  return found == element.attributes.end() ? std::string() : found->second;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!(text = cap::trimmed(text)).empty()) {
    const auto end = std::min(text.find(' '), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

bool replaces(const Listed& newer, const std::string& identifier) {
  return newer.identifier != identifier && std::ranges::any_of(newer.references, [&](const std::string& triple) {
           return triple.find("," + identifier + ",") != std::string::npos;
         });
}

/// Nothing: it is no entry of ours.
std::optional<Listed> listed_in(const Element& entry, const Frame& frame) {
  Listed out;
  out.identifier = text_of(entry, cap::cap_space, "identifier");
  out.title = text_of(entry, atom_space, "title");
  out.status = text_of(entry, cap::cap_space, "status");
  out.type = text_of(entry, cap::cap_space, "msgType");
  out.references = words_of(text_of(entry, cap::cap_space, "references"));
  out.file = file_name(out.identifier);
  const auto* link = child(entry, atom_space, "link");
  const auto updated = base::parse_utc(text_of(entry, atom_space, "updated"));
  const auto expires = base::parse_cap_time(text_of(entry, cap::cap_space, "expires"));
  if (out.identifier.empty() || !link || attribute(*link, "href") != frame.url + out.file || !updated || !expires)
    return std::nullopt;
  out.updated = *updated;
  out.expires = *expires;
  return out;
}

}  // namespace

std::string file_name(const std::string& identifier) {
  auto out = identifier;
  for (auto& c : out) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
    if (!plain) c = '_';
  }
  return out + ".xml";
}

base::Result<Listed> entry_of(const std::string& document) {
  const auto read = cap::read_cap(document, "cap");
  const auto wrong = [] { return base::fail(base::ErrorKind::bad_input, {"channels.cap_feed.no_document", {}}); };
  if (!read || read->size() != 1) return wrong();
  const auto& alert = read->front().alert;
  if (alert.identifier.empty() || !alert.sent || alert.infos.empty()) return wrong();
  const auto& info = alert.infos.front();
  Listed out{.identifier = alert.identifier,
             .title = info.headline.empty() ? info.event : info.headline,
             .file = file_name(alert.identifier),
             .status = std::string(alert::name(alert.status)),
             .type = std::string(alert::name(alert.type)),
             .updated = *alert.sent,
             .expires = {},
             .references = {}};
  for (const auto& one : alert.infos)
    if (one.expires) out.expires = std::max(out.expires, *one.expires);
  if (out.expires == base::WallTime{}) return wrong();
  for (const auto& one : alert.references)
    out.references.push_back(fmt::format("{},{},{}", one.sender, one.identifier, one.sent));
  return out;
}

Entries in_force(Entries found, const Entries& known, const std::optional<Listed>& added, base::WallTime now) {
  for (auto& one : found)
    if (const auto ours = std::ranges::find(known, one.identifier, &Listed::identifier); ours != known.end())
      one = *ours;
  if (added) {
    std::erase_if(found, [&](const Listed& one) { return one.identifier == added->identifier; });
    found.push_back(*added);
  }
  const auto all = found;
  std::erase_if(found, [&](const Listed& one) {
    return one.expires <= now ||
           std::ranges::any_of(all, [&](const Listed& other) { return replaces(other, one.identifier); });
  });
  std::ranges::sort(found, [](const Listed& a, const Listed& b) {
    return std::tie(b.updated, a.identifier) < std::tie(a.updated, b.identifier);
  });
  if (found.size() > most_listed) found.erase(found.begin() + most_listed, found.end());
  return found;
}

bool is_told(const Entries& entries, const Listed& one, base::WallTime now) {
  return one.expires <= now || std::ranges::any_of(entries, [&](const Listed& other) {
           return other.identifier == one.identifier || replaces(other, one.identifier);
         });
}

std::optional<base::WallTime> next_expiry(const Entries& entries) {
  if (entries.empty()) return std::nullopt;
  return std::ranges::min_element(entries, {}, &Listed::expires)->expires;
}

std::string atom(const Entries& entries, const Frame& frame, base::WallTime now) {
  const auto self = in_xml(frame.url + std::string(index_file));
  const auto title = in_xml(frame.title);
  auto out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"{}\" xmlns:cap=\"{}\">\n  <id>{}</id>\n"
      "  <title>{}</title>\n  <updated>{}</updated>\n  <author><name>{}</name></author>\n"
      "  <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n  <category scheme=\"{}\" term=\"{}\"/>\n",
      atom_space, cap::cap_space, self, title, base::format_utc(now), title, self, mode_scheme,
      alert::name(frame.mode));
  for (const auto& one : entries) {
    const auto address = in_xml(frame.url + one.file);
    out += fmt::format(
        "  <entry>\n    <id>{0}</id>\n    <title>{1}</title>\n    <updated>{2}</updated>\n"
        "    <link rel=\"alternate\" type=\"application/cap+xml\" href=\"{0}\"/>\n"
        "    <cap:identifier>{3}</cap:identifier>\n    <cap:status>{4}</cap:status>\n"
        "    <cap:msgType>{5}</cap:msgType>\n    <cap:expires>{6}</cap:expires>\n",
        address, in_xml(one.title), base::format_utc(one.updated), in_xml(one.identifier), in_xml(one.status),
        in_xml(one.type), base::format_cap_time(one.expires));
    if (!one.references.empty())
      out += fmt::format("    <cap:references>{}</cap:references>\n",
                         in_xml(fmt::format("{}", fmt::join(one.references, " "))));
    out += "  </entry>\n";
  }
  return out + "</feed>\n";
}

ReadIndex read_index(const std::string& text, const Frame& frame) {
  const auto root = cap::parse_xml(text, "index");
  if (!root || root->name != "feed" || root->space != atom_space) return NotOurs{};
  std::string mode;
  for (const auto& one : root->children)
    if (one.name == "category" && attribute(one, "scheme") == mode_scheme) mode = attribute(one, "term");
  if (mode.empty()) return NotOurs{};
  if (mode != alert::name(frame.mode)) return OtherMode{};
  Entries out;
  for (const auto& one : root->children)
    if (one.name == "entry" && one.space == atom_space)
      if (auto entry = listed_in(one, frame)) out.push_back(std::move(*entry));
  return out;
}

}  // namespace broadcaster::channels::cap_feed
