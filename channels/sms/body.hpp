// A text as Kannel wants it in a request body. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>

namespace broadcaster::channels::sms {

struct Body {
  int coding = 0;  ///< X-Kannel-Coding: 0 for GSM-7, 2 for UCS-2
  std::string content_type;
  std::string bytes;
  int parts = 1;  ///< messages on the air
};

/// The coding is always chosen here and always sent: what does not fit the coding that Kannel assumes becomes "?" and
/// is accepted all the same (measured with 1.4.5). `text` must be valid UTF-8.
Body body_of(std::string_view text);

/// UTF-16, big end first, no byte-order mark. `text` must be valid UTF-8.
std::string utf16be(std::string_view text);

}  // namespace broadcaster::channels::sms
