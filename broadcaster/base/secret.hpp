// A credential, by reference: files and configuration name it, only memory holds it.
//
//   token: env:MASTODON_TOKEN      token: file:/etc/broadcaster/token      token: credential:mastodon   (systemd)
// Thread rule: plain value.
#pragma once

#include <string>
#include <string_view>

#include "broadcaster/base/error.hpp"

namespace broadcaster::base {

class Secret {
 public:
  /// Is it of one of the three forms?
  static bool is_reference(std::string_view text);
  /// Do both lead to the same place, however they are written?
  static bool leads_to_the_same(const std::string& one, const std::string& other, const std::string& folder);
  /// Reads what `reference` names, strips one trailing line end (LF or CR LF), and has the log forget it. A relative
  /// file: is taken from `folder`. Errors: bad_input for a form that is none of the three (a bare secret in a file is
  /// refused), and for one into /proc, where the whole environment lies; unavailable, with the system's reason, when it
  /// cannot be read or is empty.
  static Result<Secret> load(const std::string& reference, const std::string& folder);
  const std::string& reveal() const { return value_; }

 private:
  explicit Secret(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

}  // namespace broadcaster::base
