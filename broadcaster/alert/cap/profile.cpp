#include "broadcaster/alert/cap/profile.hpp"

#include <algorithm>
#include <array>

namespace broadcaster::alert::cap {
namespace {

constexpr std::array<std::pair<std::string_view, Profile>, 2> names{
    {{"ipaws", Profile::ipaws}, {"google", Profile::google}}};

// 23.038 §6.2.1, without the letters and digits of ASCII; §6.2.1.1 is written with an escape and counts two.
constexpr std::string_view others = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
constexpr std::string_view extended = "^{}\\[~]|€";

/// The character that the text begins with.
std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) ++length;
  return text.substr(0, length);
}

}  // namespace

std::span<const std::pair<std::string_view, Profile>> profiles() { return names; }

std::vector<LintFinding> profile_findings(Profile profile, const Alert& alert) {
  std::vector<LintFinding> out;
  switch (profile) {
    case Profile::ipaws:
      out = ipaws_findings(alert);
      break;
    case Profile::google:
      out = google_findings(alert);
      break;
  }
  std::vector<LintFinding> sorted;
  for (const auto severity : {LintSeverity::error, LintSeverity::warning})
    for (const auto& finding : out)
      if (finding.severity == severity) sorted.push_back(finding);
  return sorted;
}

std::optional<std::size_t> gsm7_septets(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto character = first_character(text);
    const char c = character[0];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || others.find(character) != std::string_view::npos)
      count += 1;
    else if (extended.find(character) != std::string_view::npos)
      count += 2;
    else
      return std::nullopt;
    text.remove_prefix(character.size());
  }
  return count;
}

}  // namespace broadcaster::alert::cap
