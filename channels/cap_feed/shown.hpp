// What readers of the feed see, held against what was approved. Thread rule: pure; XML and signatures, so for a worker.
#pragma once

#include <optional>
#include <string>

#include "channels/cap_feed/place.hpp"
#include "channels/cap_feed/sealed.hpp"

namespace broadcaster::channels::cap_feed {

struct Shown {
  enum class Is {
    as_approved,  ///< the document at its address, with our signature, and told of by the index
    otherwise,    ///< something else
    unlisted,     ///< the document as approved, and an index that does not tell of it
    unseen,       ///< nobody answers, or nothing lies there: no proof of anything
  } is = Is::unseen;
  std::string detail;  ///< English, for the record
};

Shown shown(const std::string& approved, const Answer& document, const Answer& index, const Frame& frame,
            const Signer& signer, base::WallTime now);

}  // namespace broadcaster::channels::cap_feed
