#include "broadcaster/plan/measure/mastodon.hpp"

#include <string>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::plan {
namespace {

constexpr std::size_t characters_reserved_per_url = 23;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Bytes of the link at the front of `text`; 0 when there is none. A sentence's own mark is no part of it.
std::size_t link(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    std::size_t end = scheme.size();
    while (end < text.size() && !is_space(text[end])) ++end;
    while (end > scheme.size() && std::string_view(".,!?;:)\"'").find(text[end - 1]) != std::string_view::npos) --end;
    return end > scheme.size() ? end : 0;
  }
  return 0;
}

struct Mention {
  std::size_t user = 0;   ///< "@user"
  std::size_t whole = 0;  ///< "@user@server"
};

Mention mention(std::string_view text) {
  if (!text.starts_with('@')) return {};
  std::size_t user = 1;
  while (user < text.size() && is_name(text[user])) ++user;
  if (user == 1 || user >= text.size() || text[user] != '@') return {};
  std::size_t end = user + 1;
  while (end < text.size() && (is_name(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
  while (end > user + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  if (text.substr(user + 1, end - user - 1).find('.') == std::string_view::npos) return {};
  return {user, end};
}

}  // namespace

int count_mastodon(std::string_view text) {
  std::string counted;
  bool may_begin = true;  // a mention or link begins after something that is no part of a word
  while (!text.empty()) {
    if (const auto length = may_begin ? link(text) : 0) {
      counted.append(characters_reserved_per_url, 'x');
      text.remove_prefix(length);
    } else if (const auto found = may_begin ? mention(text) : Mention{}; found.whole != 0) {
      counted += text.substr(0, found.user);
      text.remove_prefix(found.whole);
    } else {
      may_begin = !is_name(text.front()) && text.front() != '/' && text.front() != '@';
      counted += text.front();
      text.remove_prefix(1);
    }
  }
  return static_cast<int>(base::graphemes(counted));
}

}  // namespace broadcaster::plan
