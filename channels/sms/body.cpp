#include "channels/sms/body.hpp"

#include "broadcaster/plan/measure/sms.hpp"

namespace broadcaster::channels::sms {

std::string utf16be(std::string_view text) {
  std::string out;
  const auto unit = [&out](unsigned value) {
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value & 0xFF);
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    i += length;
    if (code < 0x10000) {
      unit(code);
    } else {
      code -= 0x10000;
      unit(0xD800 + (code >> 10));
      unit(0xDC00 + (code & 0x3FF));
    }
  }
  return out;
}

Body body_of(std::string_view text) {
  const auto count = plan::count_sms(text);
  switch (count.encoding) {
    case plan::SmsEncoding::gsm7:
      return {.coding = 0,
              .content_type = "text/plain; charset=UTF-8",
              .bytes = std::string(text),
              .parts = count.segments};
    case plan::SmsEncoding::ucs2:
      return {
          .coding = 2, .content_type = "text/plain; charset=UTF-16BE", .bytes = utf16be(text), .parts = count.segments};
  }
  return {};
}

}  // namespace broadcaster::channels::sms
