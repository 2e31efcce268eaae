#include "broadcaster/alert/mark.hpp"

#include <array>

namespace broadcaster::alert {
namespace {

using namespace std::string_view_literals;

/// The word of a language by its primary tag.
constexpr std::pair<std::string_view, std::string_view> marks[] = {
    {"id", "LATIHAN"}, {"en", "EXERCISE"}, {"ar", "تمرين"}, {"hi", "अभ्यास"}};
constexpr std::array tokens{"TEST"sv, "UJI COBA"sv, "TES"sv, "DRILL"sv, "SIMULASI"sv};

std::string_view trimmed(std::string_view text) {
  const auto at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

}  // namespace

std::string_view drill_word(const Language& language) {
  const auto tag = std::string_view(language.value).substr(0, language.value.find('-'));
  for (const auto& [language_tag, word] : marks)
    if (language_tag == tag) return word;
  return marks[0].second;
}

bool begins_with_drill_mark(std::string_view text) {
  text = trimmed(text);
  for (const auto& [_, mark] : marks)
    if (text.starts_with(mark) && text.substr(mark.size()).starts_with(':')) return true;
  return false;
}

std::optional<std::string> foreign_test_token(std::string_view text) {
  text = trimmed(text);
  for (const auto token : tokens) {
    for (auto at = text.find(token); at != std::string_view::npos; at = text.find(token, at + 1)) {
      const auto rest = text.substr(at + token.size());
      const bool whole = (at == 0 || !word_character(text[at - 1])) && (rest.empty() || !word_character(rest[0]));
      if (whole && (at == 0 || rest.starts_with("--"))) return std::string(token);
    }
  }
  return std::nullopt;
}

}  // namespace broadcaster::alert
