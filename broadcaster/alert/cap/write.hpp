// CAP out, strictly: valid against the standard's schema, elements in its order, UTC written -00:00 (CAP §3.3.2).
//
// What is ours alone (hazard, level, zones, slots) does not get out by this; outward.hpp puts it into CAP's own
// elements first. Every document is read back and validated before anybody sees it. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "broadcaster/alert/alert.hpp"

namespace broadcaster::alert::cap {

/// The document. Errors (all at once, with the element's path as key): identifier, sender or sent missing; a value
/// that the schema does not allow; a character that XML cannot carry (XML 1.0 §2.2).
base::Checked<std::string> write_cap(const Alert& alert);

/// Text as it stands between two tags.
std::string escaped(std::string_view text);

}  // namespace broadcaster::alert::cap
