#include "broadcaster/base/secret.hpp"

#include <cstdlib>
#include <filesystem>

#include "broadcaster/base/files.hpp"
#include "broadcaster/base/log.hpp"

namespace broadcaster::base {
namespace {

constexpr std::size_t max_bytes = 64 << 10;

/// Never with the reference itself: a bare secret may have been written there.
std::unexpected<Error> no_reference() { return fail(ErrorKind::bad_input, {"base.secret_reference", {}}); }

}  // namespace

Result<Secret> Secret::load(const std::string& reference, const std::string& folder) {
  const auto colon = reference.find(':');
  const auto scheme = reference.substr(0, colon);
  const auto name = colon == std::string::npos ? std::string() : reference.substr(colon + 1);
  if (name.empty()) return no_reference();

  std::string value;
  if (scheme == "env") {
    const char* found = std::getenv(name.c_str());
    if (!found) return fail(ErrorKind::unavailable, {"base.secret_not_set", {{"name", name}}});
    value = found;
  } else if (scheme == "file" || scheme == "credential") {
    std::filesystem::path path = std::filesystem::path(folder) / name;
    if (scheme == "credential") {
      if (name.find('/') != std::string::npos || name == "..") return no_reference();
      const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
      if (!directory) return fail(ErrorKind::unavailable, {"base.secret_no_credentials", {{"reference", reference}}});
      path = std::filesystem::path(directory) / name;
    }
    auto content = read_file(path, max_bytes);
    if (!content) return fail(ErrorKind::unavailable, std::move(content.error().text));
    value = std::move(*content);
  } else {
    return no_reference();
  }
  if (value.ends_with("\r\n"))
    value.resize(value.size() - 2);
  else if (value.ends_with('\n'))
    value.pop_back();
  if (value.empty()) return fail(ErrorKind::unavailable, {"base.secret_empty", {{"reference", reference}}});
  log::forget(value);
  return Secret(std::move(value));
}

}  // namespace broadcaster::base
