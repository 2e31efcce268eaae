// The end of `new` and `update`: the messages as a phone shows them, the alert file, and with a key its signed plan.
//
// No file is ever overwritten. Thread rule: blocking.
#pragma once

#include <string>

#include "broadcaster/cli/context.hpp"
#include "broadcaster/cli/signing.hpp"

namespace broadcaster::cli {

/// "tsunami-20261124T021500Z.yaml".
std::string draft_name(const std::string& stem, base::WallTime now);

/// `path`, or the name that the officer chooses where it is taken.
base::Result<std::string> free_name(const Screen& screen, const std::string& path);

struct Draft {
  const service::Config& config;
  const plan::Templates& templates;
  const alert::Alert& alert;
  std::string file;
  KeyChoice key;  ///< empty: the alert file alone
  base::WallTime now;
  bool no_page = false;  ///< as in MakePlan
};
/// The exit status.
int finish_draft(const Context& context, const Draft& draft);

}  // namespace broadcaster::cli
