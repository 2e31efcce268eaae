// What happens to a phone's messages: the script of the operator, by number. Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/base/time.hpp"

namespace broadcaster::channels::sms::smsc {

enum class Fate {
  delivered,    ///< the phone shows it, the receipt says DELIVRD
  silent,       ///< the phone shows it, no receipt comes
  undelivered,  ///< the phone is off: the receipt says UNDELIV
  lost,         ///< accepted and never heard of again
  refused,      ///< ESME_RINVDSTADR at once
  throttled,    ///< ESME_RTHROTTLED `times` times, then delivered
};

/// As in JSON: "delivered", "silent", …
std::string_view name(Fate fate);
std::optional<Fate> fate_of(std::string_view name);

struct Script {
  std::string prefix;  ///< of the number, with or without +; empty: every number
  Fate fate = Fate::delivered;
  base::milliseconds after{200};  ///< from the submit to phone and receipt
  int times = 0;                  ///< throttled only
};

/// Digits alone: gateways take the + off.
std::string digits_of(std::string_view number);

class Scripts {
 public:
  /// The same prefix again replaces it.
  void set(Script script);
  /// The longest prefix that fits; delivered after 200 ms where none does. A throttled script counts itself down here.
  Script next_for(std::string_view number);

 private:
  std::vector<Script> scripts_;
};

}  // namespace broadcaster::channels::sms::smsc
