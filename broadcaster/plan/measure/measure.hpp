// One question for every platform: how long is this text, in the platform's own unit? Thread rule: pure.
#pragma once

#include <string_view>

#include "broadcaster/plan/message.hpp"
#include "broadcaster/plan/traits.hpp"

namespace broadcaster::plan {

/// `limit` as an endpoint has it: segments for SMS, else the measure's unit. For siren_seconds the text is what the
/// voice says, and its duration is reckoned at 100 words a minute, slow enough to be understood outdoors. `text` must
/// be valid UTF-8.
Length measure(Measure measure, std::string_view text, int limit);

/// Whether something of this length may go out under `limit`.
bool fits(Measure measure, const Length& length, int limit);

}  // namespace broadcaster::plan
