// Texts as the world writes them: escaped twice, or with the tags of a web page in them (lenient.hpp).
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/alert/cap/lenient.hpp"
#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert::cap {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> entities{
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};

/// Only these are tags; "<b wind" in a text about the wind is none without its ">".
constexpr std::string_view tags[] = {"a",   "b",     "br",    "div", "em", "font", "h1", "h2",    "h3",     "h4",
                                     "hr",  "i",     "li",    "ol",  "p",  "span", "s",  "small", "strong", "sub",
                                     "sup", "table", "tbody", "td",  "th", "tr",   "u",  "ul"};
/// After these the text goes on in a new line.
constexpr std::string_view line_ends[] = {"br", "/p", "/div", "/li", "/tr", "/h1", "/h2", "/h3", "/h4", "hr"};

void append(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

/// What "#39" or "#x27" stands for, where XML can hold it (XML 1.0 §2.2).
std::string numbered(std::string_view name) {
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool character = (code >= 0x20 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe) ||
                         (code >= 0x10000 && code <= 0x10ffff) || code == '\n' || code == '\t';
  std::string out;
  if (error == std::errc{} && end == name.data() + name.size() && !name.empty() && character) append(out, code);
  return out;
}

/// The text that "&name;" stands for; empty: it is no entity.
std::string meant(std::string_view name) {
  if (name.starts_with('#')) return numbered(name);
  for (const auto& [known, value] : entities)
    if (name == known) return std::string(value);
  return {};
}

/// One level of entities away. An "&" that comes out of one may begin the next ("&amp;amp;"): all levels go at once.
std::string without_entities(std::string_view text) {
  constexpr std::size_t longest = 8;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.front() != '&') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    auto rest = text.substr(1);
    std::string value;
    for (bool again = true; again;) {
      const auto end = rest.substr(0, longest + 1).find(';');
      auto next = end == std::string_view::npos ? std::string() : meant(rest.substr(0, end));
      again = next == "&";
      if (next.empty()) break;
      value = std::move(next);
      rest.remove_prefix(end + 1);
    }
    out += value.empty() ? "&" : value;
    text = rest;
  }
  return out;
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view known) {
    return std::ranges::equal(word, known, {}, [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; });
  });
}

/// The length of the tag of HTML that the text begins with ("<br/>", "</p>", "<a href=…>"), and its name; 0: none.
std::size_t tag(std::string_view text, std::string_view& name) {
  constexpr std::size_t longest = 1000;
  const auto end = text.substr(0, longest).find_first_of("<>", 1);
  if (end == std::string_view::npos || text[end] != '>') return 0;
  const auto inside = text.substr(1, end - 1);
  const auto length = std::min(inside.find_first_of(" \t\r\n/", 1), inside.size());
  name = inside.substr(0, length);
  return is_one_of(name.starts_with('/') ? name.substr(1) : name, tags) ? end + 1 : 0;
}

std::string without_tags(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::string_view name;
    const auto length = text.front() == '<' ? tag(text, name) : 0;
    if (length == 0) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (is_one_of(name, line_ends)) out += '\n';
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

Lenient<std::string> lenient_text(std::string_view text) {
  const auto before = base::nfc(trimmed(text));
  auto now = before;
  // A tag inside a tag or an entity cut by one needs another round; nothing honest needs more than a few.
  for (int round = 0; round < 8; ++round) {
    auto next = base::nfc(trimmed(without_tags(without_entities(now))));
    if (next == now) return {now, now == before ? Care::as_written : Care::repaired};
    now = std::move(next);
  }
  std::erase_if(now, [](char c) { return c == '<' || c == '>' || c == '&'; });
  return {base::nfc(trimmed(now)), Care::repaired};
}

}  // namespace broadcaster::alert::cap
