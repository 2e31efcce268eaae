// Faults on demand: what POST /faults asks for, and which of them meets the next request. Thread rule: loop thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "channels/range/range_side.hpp"
#include "channels/sms/smsc/numbers.hpp"

namespace broadcaster::channels {

/// For one side.
struct FaultOrder {
  std::string side;
  Fault fault;
};

/// {"side": "mastodon", "kind": "status", "status": 500, "retry_after": "3", "delay_ms": 0, "times": 2, "method":
/// "POST"}
/// {"side": "mastodon", "kind": "rewrite", "from": "02.35", "to": "03.35", "times": 1, "method": "GET"}
/// {"side": "phones", "prefix": "+99955501", "fate": "undelivered", "after_ms": 200, "times": 0}
/// nullopt for anything else.
std::optional<std::variant<FaultOrder, sms::smsc::Script>> read_fault(std::string_view body);

class Faults {
 public:
  void add(FaultOrder order) { waiting_[order.side].push_back(std::move(order.fault)); }
  /// The first that fits, one time less.
  std::optional<Fault> take(const std::string& side, const std::string& method);

 private:
  std::map<std::string, std::vector<Fault>> waiting_;
};

}  // namespace broadcaster::channels
