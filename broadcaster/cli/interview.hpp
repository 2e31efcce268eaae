// The questions of `broadcaster new` and `update`: only what the template cannot know. What a person types is read
// here; what the alert is made of is alert/'s. Thread rule: blocking on the answers.
#pragma once

#include "broadcaster/cli/ask.hpp"
#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

struct Interview {
  const Context& context;
  const service::Config& config;
  const plan::Templates& templates;
  std::string hazard;
  alert::Status status;
  base::WallTime now;
  /// The alert that an update replaces: what it says is the answer to an empty line, and every zone of it stays.
  const alert::Alert* before = nullptr;
};

/// Errors: bad_input when the answers end, or are wrong three times in a script.
base::Result<alert::Alert> interview(const Interview& from);

/// A level by number in `offered` or by name, small and capital letters the same. Errors: bad_input, naming those that
/// there are: the words are for no other.
base::Result<plan::Level> read_level_choice(const std::string& answer, const std::vector<plan::Level>& offered);

/// Zones by number in `offered`, id or name (in any language, small and capital letters the same), with commas; "*" is
/// all, an empty answer is none. Errors: bad_input, naming the one that is not there.
base::Result<std::vector<alert::ZoneId>> read_zone_choice(const std::string& answer,
                                                          const std::vector<const alert::Zone*>& offered);

}  // namespace broadcaster::cli
