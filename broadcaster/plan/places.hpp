// Which of the zones that a text speaks to it does not name. Thread rule: pure, but for ICU's data.
#pragma once

#include <string>
#include <vector>

namespace broadcaster::plan {

struct NamedZone {
  std::string zone;                ///< its id
  std::vector<std::string> names;  ///< in the text's language, long and short
};

/// The ids, in the order given. A longer name hides the shorter one inside it: who reads "Ulak Karang Selatan" has not
/// read "Ulak Karang". Small and capital letters are the same.
std::vector<std::string> zones_not_named(const std::string& text, const std::vector<NamedZone>& zones);

}  // namespace broadcaster::plan
