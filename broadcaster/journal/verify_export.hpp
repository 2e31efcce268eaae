// Is an exported folder (export.hpp) what it was, and is the record in it whole? Needs the folder alone: no state, no
// configuration. Streams; a record of any length. Thread rule: blocking.
#pragma once

#include <filesystem>
#include <vector>

#include "broadcaster/journal/verify.hpp"

namespace broadcaster::journal {

struct ExportVerdict {
  VerifyReport record;
  /// What is wrong with files: missing, changed, not on the list; the list not signed, or by somebody else.
  std::vector<base::Text> files;
  std::int64_t checked = 0;  ///< files on the list
  bool good() const { return files.empty() && !record.first_bad; }
};

/// `kept`: as for a state. Without keys of its own, the key in the folder (record-key.pem) is believed, which proves
/// only that whoever made the folder had it. Errors: bad_input when there is no export in `folder`.
base::Result<ExportVerdict> verify_export(const std::filesystem::path& folder, const Kept& kept = {});

}  // namespace broadcaster::journal
