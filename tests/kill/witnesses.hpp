// What stands on disk, and what the far sides got. Thread rule: the stage's thread; blocking.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "broadcaster/drill/seen.hpp"
#include "tests/kill/judge.hpp"

namespace broadcaster::kill {

/// Every delivery of a journal that nobody owns now. Read by SQL of its own: a fault of the product's reading must not
/// hide one of its writing. Errors: unavailable.
base::Result<std::vector<Stands>> read_journal(const std::filesystem::path& state);

/// Texts with this public code, and sounds of this alert. `sounds` holds a file a siren, a line a sound: the alert's
/// identifier.
Got gather(const std::vector<Planned>& planned, const std::vector<drill::SeenText>& seen, const std::string& code,
           const std::filesystem::path& sounds, const std::string& identifier);

}  // namespace broadcaster::kill
