#include "channels/mastodon/status_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "broadcaster/base/html.hpp"

namespace broadcaster::channels::mastodon {
namespace {

void append_utf8(std::string& out, std::uint32_t c) {
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

/// `name` without & and ;. False when it is none that we know.
bool append_entity(std::string& out, std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> named = {
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", "\u00a0"}}};
  for (const auto& [key, value] : named)
    if (key == name) {
      out += value;
      return true;
    }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  int base = 10;
  if (name.starts_with('x') || name.starts_with('X')) {
    base = 16;
    name.remove_prefix(1);
  }
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), c, base);
  if (error != std::errc() || end != name.data() + name.size()) return false;
  append_utf8(out, c);
  return true;
}

/// As Mastodon does it: the scheme and the tail of a long link are there, but not shown.
void append_link(std::string& out, std::string_view url) {
  const auto host = url.find("://") + 3;
  const auto shown = std::min<std::size_t>(30, url.size() - host);
  out += "<a href=\"";
  out += base::escape_html(url);
  out += "\" rel=\"nofollow noopener noreferrer\" target=\"_blank\"><span class=\"invisible\">";
  out += base::escape_html(url.substr(0, host));
  out += "</span><span class=\"ellipsis\">";
  out += base::escape_html(url.substr(host, shown));
  out += "</span><span class=\"invisible\">";
  out += base::escape_html(url.substr(host + shown));
  out += "</span></a>";
}

}  // namespace

std::string text_of_html(std::string_view html) {
  std::string out;
  for (std::size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '<') {
      const auto end = html.find('>', i);
      if (end == std::string_view::npos) break;
      const auto tag = html.substr(i + 1, end - i - 1);
      if (tag.starts_with("br") || tag.starts_with("/p") || tag.starts_with("/li") || tag.starts_with("/blockquote"))
        out += '\n';
      i = end;
      continue;
    }
    if (html[i] == '&') {
      const auto end = html.find(';', i);
      if (end != std::string_view::npos && end - i <= 10 && append_entity(out, html.substr(i + 1, end - i - 1))) {
        i = end;
        continue;
      }
    }
    out += html[i];
  }
  return out;
}

std::string html_of_text(std::string_view text) {
  std::string out = "<p>";
  while (!text.empty()) {
    if (text.starts_with("\n\n")) {
      out += "</p><p>";
      text.remove_prefix(2);
    } else if (text.starts_with('\n')) {
      out += "<br />";
      text.remove_prefix(1);
    } else if (text.starts_with("https://") || text.starts_with("http://")) {
      const auto end = text.find_first_of(" \n\t\"<>");
      append_link(out, text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    } else {
      out += base::escape_html(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
  return out + "</p>";
}

}  // namespace broadcaster::channels::mastodon
