// A file of the signed set as values by their places, so that two of them can be compared. Pure.
//
//   "agency.sender" → "bpbd.example";  "endpoints[sms-live].languages" → "id, en"
// Thread rule: plain functions.
#pragma once

#include <map>
#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::approval {

struct SetValues {
  std::map<std::string, std::string> values;
  /// Items of lists that have an id or a name, by their place: all of their own values in one line.
  std::map<std::string, std::string> items;
};

/// YAML, or JSON where the name ends so. Coordinates are one value: how many there are, and their digest.
base::Result<SetValues> set_values(const std::string& file, const std::string& text);

}  // namespace broadcaster::approval
