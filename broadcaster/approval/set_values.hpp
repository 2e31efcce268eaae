// A file of the signed set as values by their places, so that two of them can be compared. Pure.
//
//   "agency.sender" → "bpbd.example";  "endpoints[sms-live].languages" → "id, en"
// A place belongs to one value and a value to one place: what a key or a name has of the signs that places are made of
// (. [ ] # \) stands behind a backslash, and two values of one place are an error. Thread rule: plain functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

struct SetValue {
  std::string shown;  ///< as people read it
  std::string exact;  ///< the same for nothing else: "12" in quotes is not 12, and a list is not its items in one text
  bool operator==(const SetValue& other) const { return exact == other.exact; }
};

struct SetValues {
  std::map<std::string, SetValue> values;
  /// Items of lists that have an id or a name, by their place: all of their own values in one line.
  std::map<std::string, std::string> items;
  /// Such items in the order of their list, by the place of the list.
  std::map<std::string, std::vector<std::string>> order;
};

/// YAML, or JSON where the name ends so. Coordinates are one value: their digest.
base::Result<SetValues> set_values(const std::string& file, const std::string& text);

}  // namespace broadcaster::approval
