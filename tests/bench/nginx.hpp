// nginx as the far side of a fan-out: it answers as fast as a server can, and is nobody's work of ours.
//
// Thread rule: one thread. Errors: std::runtime_error, also when it is not installed (tools/packages install-bench).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/bench/process.hpp"

namespace broadcaster::bench {

class Nginx {
 public:
  /// On a free port of loopback, with all its files in `folder`.
  explicit Nginx(const std::filesystem::path& folder);

  const std::string& url() const { return url_; }
  /// Requests that it has taken, without those of this very call.
  std::int64_t requests();

 private:
  std::string url_;
  std::int64_t looks_ = 0;
  std::optional<Process> process_;
};

}  // namespace broadcaster::bench
