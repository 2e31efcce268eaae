// Why an alert was stopped: as the record says it (English, one line, like everything in the record), and taken apart
// again, so that a screen says it in its own language.
//
//   "halted by sari (uid 1000): wrong coast"      "false alarm TP13"      "update TP13"      "all-clear TP14"
// Thread rule: plain functions.
#pragma once

#include <string>
#include <variant>

namespace broadcaster::service {

struct Halted {
  std::string by;
  std::string note;  ///< what the person said; may be empty
  bool operator==(const Halted&) const = default;
};
/// By the false alarm with this public code.
struct TakenBack {
  std::string code;
  bool operator==(const TakenBack&) const = default;
};
/// By the update with this public code: the danger is still real.
struct Superseded {
  std::string code;
  bool operator==(const Superseded&) const = default;
};
/// By the all-clear with this public code: it is over.
struct Ended {
  std::string code;
  bool operator==(const Ended&) const = default;
};
/// None of ours: shown as it stands.
struct OtherStop {
  std::string text;
  bool operator==(const OtherStop&) const = default;
};
using StopReason = std::variant<Halted, TakenBack, Superseded, Ended, OtherStop>;

std::string record_text(const StopReason& reason);
StopReason parse_stop_reason(const std::string& text);

}  // namespace broadcaster::service
