#include "broadcaster/alert/text_rules.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "broadcaster/base/unicode.hpp"

namespace broadcaster::alert {
namespace {

using base::Text;
using namespace std::string_view_literals;

/// A sentence that must be read twice is not read.
constexpr int longest_sentence = 25;
constexpr std::size_t hard_word = 12;
constexpr int fewest_words = 8;
constexpr int hard_percent = 25;

bool word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}
bool digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (word_byte(c))
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_one_of(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// What people leave where a value should have come.
std::optional<Text> unfilled(const std::string& text) {
  constexpr std::array tokens{"{"sv, "}"sv, "["sv, "]"sv, "__"sv, "??"sv, "…"sv};
  constexpr std::array words{"XXX"sv, "XX"sv, "TBD"sv, "TODO"sv, "NN"sv};
  for (const auto token : tokens)
    if (text.find(token) != std::string::npos) return Text{"alert.text_unfilled", {{"found", std::string(token)}}};
  for (const auto& word : words_of(text))
    if (is_one_of(words, word)) return Text{"alert.text_unfilled", {{"found", word}}};
  return std::nullopt;
}

std::optional<Text> all_capitals(const std::string& text) {
  constexpr std::size_t enough_letters = 20;
  const auto letters = base::letter_cases(text);
  if (letters.small > 0 || letters.capital < enough_letters) return std::nullopt;
  return Text{"alert.text_all_capitals", {}};
}

/// "Level 2", "Siaga III", "Magnitudo": words of those who measure, not of those who run.
std::optional<Text> jargon(const std::string& text) {
  constexpr std::array graded{"level"sv, "tingkat"sv, "kategori"sv, "category"sv, "grade"sv, "stage"sv, "status"sv};
  constexpr std::array measured{"magnitudo"sv, "magnitude"sv, "richter"sv, "awas"sv, "siaga"sv, "waspada"sv};
  constexpr std::array roman{"i"sv, "ii"sv, "iii"sv, "iv"sv, "v"sv};
  const auto words = words_of(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = lower(words[i]);
    if (is_one_of(measured, word)) return Text{"alert.text_jargon", {{"found", words[i]}}};
    if (!is_one_of(graded, word) || i + 1 == words.size()) continue;
    const auto next = lower(words[i + 1]);
    if (digit(next.front()) || is_one_of(roman, next))
      return Text{"alert.text_jargon", {{"found", words[i] + " " + words[i + 1]}}};
  }
  return std::nullopt;
}

/// A phone warns of a page without https, at the wrong moment.
std::optional<Text> link_plain(const std::string& text) {
  if (text.find("http://") == std::string::npos) return std::nullopt;
  return Text{"alert.text_link_plain", {}};
}

/// People look for a link at the end.
std::optional<Text> link_not_last(const std::string& text) {
  const auto at = std::min(text.find("http://"), text.find("https://"));
  if (at == std::string::npos || text.find_first_of(" \n", at) == std::string::npos) return std::nullopt;
  return Text{"alert.text_link_not_last", {}};
}

std::optional<Text> long_sentence(const std::string& text) {
  const auto words = read_level(text).longest_sentence;
  if (words <= longest_sentence) return std::nullopt;
  return Text{"alert.text_long_sentence", {{"words", std::int64_t{words}}, {"limit", std::int64_t{longest_sentence}}}};
}

std::optional<Text> hard_words(const std::string& text) {
  const auto level = read_level(text);
  if (level.words < fewest_words || level.hard_words * 100 <= level.words * hard_percent) return std::nullopt;
  return Text{"alert.text_hard_words",
              {{"hard", std::int64_t{level.hard_words}}, {"words", std::int64_t{level.words}}}};
}

constexpr TextRule table[] = {
    {"unfilled", LintSeverity::error, unfilled},
    {"all_capitals", LintSeverity::warning, all_capitals},
    {"jargon", LintSeverity::warning, jargon},
    {"link_plain", LintSeverity::warning, link_plain},
    {"link_not_last", LintSeverity::warning, link_not_last},
    {"long_sentence", LintSeverity::warning, long_sentence},
    {"hard_words", LintSeverity::warning, hard_words},
};

std::size_t letters(std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::span<const TextRule> text_rules() { return table; }

std::optional<std::string> evacuation_word(std::string_view text) {
  constexpr std::array words{"evakuasi"sv, "pengungsian"sv, "evacuation"sv, "evacuate"sv};
  for (const auto& word : words_of(text))
    if (is_one_of(words, lower(word))) return word;
  return std::nullopt;
}

std::optional<std::string> denial_of_drill(std::string_view text) {
  const auto whole = lower(text);
  for (const auto phrase : {"not a drill"sv, "not an exercise"sv, "bukan latihan"sv, "bukan simulasi"sv})
    if (whole.find(phrase) != std::string::npos) return std::string(phrase);
  return std::nullopt;
}

Reading read_level(std::string_view given) {
  // The full stops of other scripts: danda, Arabic question mark and full stop.
  std::string text(given);
  for (const auto stop : {"।"sv, "؟"sv, "۔"sv})
    for (auto at = text.find(stop); at != std::string::npos; at = text.find(stop, at))
      text.replace(at, stop.size(), ".");
  Reading out;
  int sentence = 0;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    ++sentence;
    ++out.words;
    if (letters(word) >= hard_word) ++out.hard_words;
    word.clear();
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : '\n';
    const bool stop = c == '.' || c == '!' || c == '?' || c == ':';
    const bool last = i + 1 >= text.size() || text[i + 1] == ' ' || text[i + 1] == '\n';
    if (word_byte(c)) {
      word += c;
      continue;
    }
    if (stop && !last) continue;  // "02.15" is one word
    end_word();
    if (!stop && c != '\n') continue;
    out.longest_sentence = std::max(out.longest_sentence, sentence);
    sentence = 0;
  }
  return out;
}

}  // namespace broadcaster::alert
