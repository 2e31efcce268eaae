// Did the drill go as expected? Pure: from what was found to one verdict an expectation.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broadcaster/drill/scenario.hpp"
#include "broadcaster/drill/seen.hpp"

namespace broadcaster::drill {

/// Everything that is known when the observation ends.
struct Facts {
  boost::json::object alert;                  ///< ALERT of the status document
  boost::json::object all_clear;              ///< the same of the alert that ended it; empty: none did
  std::vector<std::string> duty_numbers;      ///< phones of those who may be called
  std::map<std::string, std::string> sirens;  ///< id → state
  std::vector<SeenText> seen;
  boost::json::object record;               ///< answer to `verify`
  std::optional<std::int64_t> packets_out;  ///< nullopt: nobody counts
};

struct Verdict {
  std::string name;
  /// `not_counted`: this machine cannot tell; neither met nor failed.
  enum class Outcome { met, not_met, not_counted } outcome = Outcome::not_met;
  std::string wanted;  ///< "≥ 18"
  std::string found;
};

std::vector<Verdict> score(const Scenario& scenario, const Facts& facts);
/// No expectation failed.
bool passed(const std::vector<Verdict>& verdicts);

/// Texts that one phone got more than once, counted once for each copy too many.
std::int64_t duplicates(const std::vector<SeenText>& seen);

}  // namespace broadcaster::drill
