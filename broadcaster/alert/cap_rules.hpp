// The rules of CAP 1.2 that reach over more than one value, on the model: the same for a YAML file, an import and what
// we emit. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert {

/// What is wrong with one element. `path` is in CAP's words: "info[0].area[1].ceiling"; "zones" is ours.
struct Fault {
  std::string path;
  base::Text text;
  bool operator==(const Fault&) const = default;
};

/// Every fault, in the order of the elements. `now`: an alert that has expired is a fault.
std::vector<Fault> cap_faults(const Alert& alert, base::WallTime now);

/// CAP §3.2.1 identifier and sender: no white space, comma, "<" or "&", and not empty.
bool is_cap_name(std::string_view text);
/// "scheme:…"
bool is_absolute_uri(std::string_view text);

/// An alert of this type speaks to people and so needs infos; the others only talk about a message.
bool needs_info(MessageType type);
/// An alert of this type needs somewhere to go.
bool needs_area(MessageType type);

}  // namespace broadcaster::alert
