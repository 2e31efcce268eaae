#include "channels/http/read_back.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::channels {
namespace {

using Words = std::vector<std::string>;

/// Characters that show as nothing, or as a space: NO-BREAK SPACE, NARROW NO-BREAK SPACE; ZERO WIDTH SPACE, WORD
/// JOINER, ZERO WIDTH NO-BREAK SPACE.
constexpr std::string_view spaces[] = {" ", "\n", "\r", "\t", "\u00a0", "\u202f"};
constexpr std::string_view nothing[] = {"\u200b", "\u2060", "\ufeff"};

template <std::size_t N>
std::size_t begins_with_one_of(std::string_view text, const std::string_view (&marks)[N]) {
  for (const auto mark : marks)
    if (text.starts_with(mark)) return mark.size();
  return 0;
}

Words words_of(std::string_view text) {
  const auto normal = base::valid_utf8(std::string(text)) ? base::nfc(text) : std::string(text);
  Words words;
  bool open = false;
  for (std::size_t i = 0; i < normal.size();) {
    const auto rest = std::string_view(normal).substr(i);
    if (const auto space = begins_with_one_of(rest, spaces)) {
      open = false;
      i += space;
    } else if (const auto none = begins_with_one_of(rest, nothing)) {
      i += none;
    } else {
      if (!open) words.emplace_back();
      open = true;
      words.back() += normal[i++];
    }
  }
  return words;
}

std::string_view without_scheme(std::string_view link) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (link.starts_with(scheme)) return link.substr(scheme.size());
  return link;
}

/// A platform may show a link without its scheme, and a mention without its server.
bool same_word(std::string_view approved, std::string_view shown) {
  if (approved == shown) return true;
  if (const auto bare = without_scheme(approved); bare.size() < approved.size() && bare == shown) return true;
  const auto server = approved.find('@', 1);
  return approved.starts_with('@') && server != std::string_view::npos && server > 1 &&
         approved.substr(0, server) == shown;
}

/// A few words around the place; enough to find it.
std::string around(const Words& words, std::size_t at) {
  const auto from = at > 3 ? at - 3 : 0;
  const auto to = std::min(words.size(), at + 6);
  std::string out = from > 0 ? "… " : "";
  for (auto i = from; i < to; ++i) out += (i > from ? " " : "") + words[i];
  return out + (to < words.size() ? " …" : "");
}

}  // namespace

std::optional<std::string> difference(std::string_view approved, std::string_view shown) {
  const auto ours = words_of(approved), theirs = words_of(shown);
  const auto [mine, other] = std::ranges::mismatch(ours, theirs, same_word);
  if (mine == ours.end() && other == theirs.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(mine - ours.begin());
  return fmt::format("approved \"{}\", shown \"{}\"", around(ours, at), around(theirs, at));
}

}  // namespace broadcaster::channels
