// CAP out of the command line: a document sealed with the agency's key.
// Thread rule: blocking on the disk.
#pragma once

#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::cli {

/// `signing_key` and `certificate` are PEM files; without a key the document comes back as it is. Errors: as
/// alert::cap::with_signature, with the key's file as place; files that cannot be read.
base::Checked<std::string> sealed(std::string document, const std::string& signing_key, const std::string& certificate);

}  // namespace broadcaster::cli
