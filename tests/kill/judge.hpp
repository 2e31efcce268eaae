// Was anybody lost, and is every second copy explained? Pure: what was planned, what the journal says, what was got.
//
// Three witnesses who know nothing of each other: the town's lists, the journal as it stands on disk after the last
// start, and the far sides (phones, timeline, partners, sirens).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broadcaster/delivery/state.hpp"

namespace broadcaster::kill {

enum class Fate { reached, out_of_reach };

/// Somebody whom the alert must reach: a number, a siren, or an account's language.
struct Planned {
  std::string endpoint, who;
  Fate fate = Fate::reached;
};

/// A delivery as it stands in the journal.
struct Stands {
  std::string endpoint, who;
  delivery::State state = delivery::State::pending;
  std::vector<std::string> outcomes;  ///< of its attempts, in order; empty: it has not ended
};

/// Copies that a far side got, by (endpoint, who).
using Got = std::map<std::pair<std::string, std::string>, int>;

struct Verdict {
  std::vector<std::string> lost;         ///< who, and how
  std::vector<std::string> unexplained;  ///< a copy too many that no unknown attempt stands behind
  int duplicates = 0;                    ///< copies too many, the explained ones among them
  int unknown = 0;                       ///< deliveries that are honestly unknown in the end
  int doubts = 0;                        ///< attempts that a kill left in doubt: without some, nothing was tested
};

Verdict judge(const std::vector<Planned>& planned, const std::vector<Stands>& journal, const Got& got);

}  // namespace broadcaster::kill
