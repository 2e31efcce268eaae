// The files of the signed set (approval/signed_set.hpp), read from the configuration folder once.
//
// Thread rule: blocking; never on the event loop.
#pragma once

#include <filesystem>

#include "broadcaster/approval/set_standing.hpp"

namespace broadcaster::service {

/// Files that are not there are left out. Errors: bad_input for one that cannot be read or is too large.
base::Result<approval::SetTexts> read_set_texts(const std::filesystem::path& folder);
/// With signed.json beside them.
base::Result<approval::SetOnDisk> read_set(const std::filesystem::path& folder);

}  // namespace broadcaster::service
