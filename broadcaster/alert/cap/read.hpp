// CAP from outside, read leniently: what can be read for certain is read, and every repair is said with its line.
//
// The document may be an alert, or anything with alerts in it (<alerts>, an Atom feed with whole alerts, EDXL-DE).
// Element names are found whatever their order and namespace. What is missing or wrong and would change the meaning is
// never guessed: an unknown status becomes Draft, an unknown scope Restricted, and an unknown message type is an error.
// What comes out is the alert of its sender; what becomes of it here is draft.hpp's affair. Thread rule: pure
// functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/alert/cap/note.hpp"

namespace broadcaster::alert::cap {

struct ReadAlert {
  Alert alert;
  Notes notes;
  int line = 0;  ///< where it begins
};

/// All alerts of the document, at least one. Errors: as parse_xml; no alert in it; an alert of no known type.
base::Checked<std::vector<ReadAlert>> read_cap(std::string_view text, const std::string& file);
base::Checked<std::vector<ReadAlert>> read_cap(const Element& root, const std::string& file);

}  // namespace broadcaster::alert::cap
