// What the public saw: the range's book, read over HTTP. Thread rule: the stage's thread; waits for the answers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broadcaster/drill/stage.hpp"

namespace broadcaster::drill {

/// What a phone, a timeline or a partner showed.
struct SeenText {
  std::string where, who, from, text, language, at;
};

/// Everything that was seen since `after`, which moves to where the next reading begins. Errors: unavailable.
base::Result<std::vector<SeenText>> read_seen(Stage& stage, unsigned short range_port, std::int64_t& after);

}  // namespace broadcaster::drill
