// What a phone makes of the octets that an operator sends it. Thread rule: pure, but for PartJoiner's own memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace broadcaster::channels::sms::smsc {

/// GSM 7-bit default alphabet with its extension (3GPP TS 23.038 §6.2.1), one septet an octet as SMPP carries it.
std::string from_gsm7(std::string_view septets);
/// UTF-16, big end first. A lone surrogate becomes U+FFFD.
std::string from_utf16be(std::string_view octets);
/// By data_coding (SMPP v3.4 §5.2.19): 0 GSM-7, 1 IA5, 3 Latin-1, 8 UCS-2; anything else is shown as it is.
std::string text_of(std::uint8_t data_coding, std::string_view octets);

/// Where a part belongs: from the user data header (3GPP TS 23.040 §9.2.3.24).
struct Part {
  std::uint16_t reference = 0;
  int total = 1;
  int number = 1;
};

struct UserData {
  std::optional<Part> part;
  std::string_view octets;  ///< without the header
};

/// `has_header`: esm_class bit 0x40. A header that is broken is taken for text, as phones do.
enum class Header { none, present };
UserData split_header(std::string_view message, Header header);

/// Joins what comes in parts. Bounded: the oldest unfinished messages are forgotten.
class PartJoiner {
 public:
  /// The whole text when its last part is there.
  std::optional<std::string> add(const std::string& phone, const std::string& sender, const Part& part,
                                 std::string text);

 private:
  struct Open {
    std::uint64_t born = 0;
    int total = 0;
    std::map<int, std::string> parts;
  };
  std::map<std::string, Open> open_;
  std::uint64_t born_ = 0;
};

/// Appendix B of SMPP v3.4: "id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…".
std::string receipt_text(const std::string& message_id, std::string_view stat, int error, const std::string& submitted,
                         const std::string& done);

}  // namespace broadcaster::channels::sms::smsc
