// How long a text is as SMS: 3GPP TS 23.038 (alphabets), TS 23.040 §9.2.3.24 (parts).
//
// GSM 7-bit default alphabet with its extension table where every character is in it; else UCS-2, counted in UTF-16
// code units. National language tables are not used: gateways and phones support them unevenly. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadcaster::plan {

enum class SmsEncoding { gsm7, ucs2 };

struct SmsCount {
  SmsEncoding encoding = SmsEncoding::gsm7;
  int units = 0;                         ///< septets or UTF-16 code units, all parts together, without headers
  int segments = 1;                      ///< an escape pair or a surrogate pair is never cut in two
  std::vector<std::string> forced_ucs2;  ///< the characters that are not in GSM-7, each once, in order
};

/// `text` must be valid UTF-8.
SmsCount count_sms(std::string_view text);

/// What `segments` parts can hold: 160 septets alone, 153 a part; 70 units alone, 67 a part (6 octets of header).
int sms_capacity(SmsEncoding encoding, int segments);

}  // namespace broadcaster::plan
