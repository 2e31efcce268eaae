// A credential, by reference: files and configuration name it, only memory holds it.
//
//   token: env:MASTODON_TOKEN      token: file:/etc/broadcaster/token      token: credential:mastodon   (systemd)
// Thread rule: plain value.
#pragma once

#include <string>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

class Secret {
 public:
  /// Reads what `reference` names, strips one trailing line end (LF or CR LF), and has the log forget it. A relative
  /// file: is taken from `folder`. Errors: bad_input for a form that is none of the three (a bare secret in a file is
  /// refused); unavailable, with the system's reason, when it cannot be read or is empty.
  static Result<Secret> load(const std::string& reference, const std::string& folder);
  const std::string& reveal() const { return value_; }

 private:
  explicit Secret(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

}  // namespace broadcaster::base
