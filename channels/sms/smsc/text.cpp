#include "channels/sms/smsc/text.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace broadcaster::channels::sms::smsc {
namespace {

constexpr std::size_t most_open = 10'000;
constexpr char32_t replacement = 0xFFFD;
constexpr unsigned char escape = 0x1B;

// Code order; the escape itself shows nothing.
constexpr std::u32string_view alphabet =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u00a0ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
static_assert(alphabet.size() == 128);

char32_t extended(unsigned char septet) {
  switch (septet) {
    case 0x0A:
      return U'\f';
    case 0x14:
      return U'^';
    case 0x28:
      return U'{';
    case 0x29:
      return U'}';
    case 0x2F:
      return U'\\';
    case 0x3C:
      return U'[';
    case 0x3D:
      return U'~';
    case 0x3E:
      return U']';
    case 0x40:
      return U'|';
    case 0x65:
      return U'€';
    default:
      return U' ';  // 23.038 §6.2.1.1: what is not known is a space
  }
}

void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool is_high(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }

unsigned octet(std::string_view octets, std::size_t at) { return static_cast<unsigned char>(octets[at]); }

std::string from_latin1(std::string_view octets) {
  std::string out;
  for (std::size_t i = 0; i < octets.size(); ++i) append(out, octet(octets, i));
  return out;
}

/// Information elements: identifier, length, data.
std::optional<Part> part_of(std::string_view header) {
  for (std::size_t i = 0; i + 1 < header.size();) {
    const auto id = octet(header, i);
    const auto length = octet(header, i + 1);
    if (i + 2 + length > header.size()) return std::nullopt;
    if (id == 0x00 && length == 3)
      return Part{static_cast<std::uint16_t>(octet(header, i + 2)), static_cast<int>(octet(header, i + 3)),
                  static_cast<int>(octet(header, i + 4))};
    if (id == 0x08 && length == 4)
      return Part{static_cast<std::uint16_t>(octet(header, i + 2) << 8 | octet(header, i + 3)),
                  static_cast<int>(octet(header, i + 4)), static_cast<int>(octet(header, i + 5))};
    i += 2 + length;
  }
  return std::nullopt;
}

}  // namespace

std::string from_gsm7(std::string_view septets) {
  std::string out;
  for (std::size_t i = 0; i < septets.size(); ++i) {
    const auto septet = static_cast<unsigned char>(octet(septets, i) & 0x7F);
    if (septet == escape && i + 1 < septets.size())
      append(out, extended(static_cast<unsigned char>(octet(septets, ++i) & 0x7F)));
    else
      append(out, alphabet[septet]);
  }
  return out;
}

std::string from_utf16be(std::string_view octets) {
  std::string out;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    char32_t unit = octet(octets, i) << 8 | octet(octets, i + 1);
    if (is_high(unit) && i + 3 < octets.size()) {
      const char32_t low = octet(octets, i + 2) << 8 | octet(octets, i + 3);
      if (is_low(low)) {
        append(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
        i += 2;
        continue;
      }
    }
    append(out, is_high(unit) || is_low(unit) ? replacement : unit);
  }
  return out;
}

std::string text_of(std::uint8_t data_coding, std::string_view octets) {
  switch (data_coding) {
    case 0:
      return from_gsm7(octets);
    case 8:
      return from_utf16be(octets);
    default:
      return from_latin1(octets);
  }
}

UserData split_header(std::string_view message, Header header) {
  if (header == Header::none || message.empty()) return {std::nullopt, message};
  const std::size_t length = octet(message, 0);
  if (length + 1 > message.size()) return {std::nullopt, message};
  auto part = part_of(message.substr(1, length));
  if (part && (part->total < 1 || part->number < 1 || part->number > part->total)) part.reset();
  return {part, message.substr(length + 1)};
}

std::optional<std::string> PartJoiner::add(const std::string& phone, const std::string& sender, const Part& part,
                                           std::string text) {
  if (part.total == 1) return text;
  const auto key = fmt::format("{}/{}/{}/{}", phone, sender, part.reference, part.total);
  auto& open = open_[key];
  if (open.parts.empty()) open.born = ++born_;
  open.total = part.total;
  open.parts[part.number] = std::move(text);
  if (open.parts.size() == static_cast<std::size_t>(open.total)) {
    std::string whole;
    for (const auto& [number, piece] : open.parts) whole += piece;
    open_.erase(key);
    return whole;
  }
  if (open_.size() > most_open)
    open_.erase(std::ranges::min_element(open_, {}, [](const auto& entry) { return entry.second.born; }));
  return std::nullopt;
}

std::string receipt_text(const std::string& message_id, std::string_view stat, int error, const std::string& submitted,
                         const std::string& done) {
  return fmt::format("id:{} sub:001 dlvrd:{} submit date:{} done date:{} stat:{} err:{:03} text:", message_id,
                     stat == "DELIVRD" ? "001" : "000", submitted, done, stat, error);
}

}  // namespace broadcaster::channels::sms::smsc
