#include "broadcaster/plan/measure/sms.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace broadcaster::plan {
namespace {

// 23.038 §6.2.1, in code order; 0x1B is the escape itself and no character.
constexpr std::u32string_view default_alphabet =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static_assert(default_alphabet.size() == 127);
// 23.038 §6.2.1.1: each costs the escape and its own septet.
constexpr std::u32string_view extension = U"\f^{}\\[~]|€";

struct Character {
  char32_t code;
  std::string_view bytes;
};

Character next(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7f >> length);
  for (std::size_t i = 1; i < length && i < text.size(); ++i)
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3f);
  return {code, text.substr(0, length)};
}

constexpr std::uint8_t look_up(char32_t code) {
  if (default_alphabet.find(code) != std::u32string_view::npos) return 1;
  return extension.find(code) != std::u32string_view::npos ? 2 : 0;
}

/// Every text is counted again for every phone, and nearly all its letters are in here.
constexpr auto latin = [] {
  std::array<std::uint8_t, 0x100> out{};
  for (char32_t code = 0; code < out.size(); ++code) out[code] = look_up(code);
  return out;
}();

/// 0: not in the alphabet.
int septets(char32_t code) { return code < latin.size() ? latin[code] : look_up(code); }

struct Capacity {
  int alone;
  int part;
};

constexpr Capacity capacity(SmsEncoding encoding) {
  switch (encoding) {
    case SmsEncoding::gsm7:
      return {160, 153};
    case SmsEncoding::ucs2:
      return {70, 67};
  }
  return {0, 0};
}

}  // namespace

SmsCount count_sms(std::string_view text) {
  SmsCount count;
  std::vector<std::uint8_t> gsm7, ucs2;  // what each character costs
  for (; !text.empty();) {
    const auto character = next(text);
    text.remove_prefix(character.bytes.size());
    const int cost = septets(character.code);
    if (cost == 0 && std::ranges::find(count.forced_ucs2, character.bytes) == count.forced_ucs2.end())
      count.forced_ucs2.emplace_back(character.bytes);
    gsm7.push_back(static_cast<std::uint8_t>(cost));
    ucs2.push_back(character.code > 0xffff ? 2 : 1);
  }
  count.encoding = count.forced_ucs2.empty() ? SmsEncoding::gsm7 : SmsEncoding::ucs2;
  const auto& costs = count.encoding == SmsEncoding::gsm7 ? gsm7 : ucs2;
  for (const int cost : costs) count.units += cost;
  const auto [alone, part] = capacity(count.encoding);
  if (count.units <= alone) return count;
  int used = 0;
  for (const int cost : costs) {
    if (used + cost > part) {
      ++count.segments;
      used = 0;
    }
    used += cost;
  }
  return count;
}

int sms_capacity(SmsEncoding encoding, int segments) {
  const auto [alone, part] = capacity(encoding);
  return segments == 1 ? alone : part * segments;
}

}  // namespace broadcaster::plan
