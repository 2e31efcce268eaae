// A draft as its file: an alert file, under a head of comments that names every source. Thread rule: pure functions.
#pragma once

#include <string>

#include "broadcaster/feeds/known.hpp"

namespace broadcaster::feeds {

/// In the language of the officers.
std::string draft_text(const Matter& matter, const std::string& language);

}  // namespace broadcaster::feeds
