// Which plan waits for one more signature, where nobody typed its name: the second officer has seconds, and the file
// lies in the folder where the first one made it.
//
// A plan waits when its author has signed, it can still be released in time, and its quorum is not complete. Several
// are never guessed between. Thread rule: blocking on the disk.
#pragma once

#include <filesystem>
#include <string>

#include "broadcaster/approval/people.hpp"
#include "broadcaster/base/error.hpp"
#include "broadcaster/base/time.hpp"

namespace broadcaster::cli {

/// The one *.plan in `folder` that waits. Errors: usage when there is none, and when there are several (all named).
base::Result<std::string> waiting_plan(const std::filesystem::path& folder, const approval::People& people,
                                       base::WallTime now);

}  // namespace broadcaster::cli
