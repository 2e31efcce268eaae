// What an export of the record holds beside the journal's own files: the alert as a file of ours and as CAP, the plan
// as people read it. Thread rule: blocking on the disk.
#pragma once

#include <map>
#include <string>

#include "broadcaster/cli/context.hpp"

namespace broadcaster::cli {

struct CapKey {
  std::string signing_key;  ///< PEM; empty: the CAP file is not signed
  std::string certificate;
};

/// `released`: the owner's answer to `plan`. What cannot be made is left out, and said on the screen: an export is
/// asked for when something is wrong, too. Errors: a plan that cannot be read, a key that cannot sign.
base::Checked<std::map<std::string, std::string>> record_files(const Context& context,
                                                               const boost::json::object& released, const CapKey& key);

}  // namespace broadcaster::cli
