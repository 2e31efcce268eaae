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

/// A reference taken apart; `path` of those that lead to a file.
struct Reference {
  std::string scheme, name;
  std::filesystem::path path;
};

Result<Reference> taken_apart(const std::string& reference, const std::string& folder) {
  const auto colon = reference.find(':');
  Reference out{.scheme = reference.substr(0, colon),
                .name = colon == std::string::npos ? std::string() : reference.substr(colon + 1),
                .path = {}};
  if (out.name.empty()) return no_reference();
  if (out.scheme == "env") return out;
  if (out.scheme == "file") {
    out.path = std::filesystem::path(folder) / out.name;
  } else if (out.scheme == "credential") {
    if (out.name.find('/') != std::string::npos || out.name == "..") return no_reference();
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (!directory) return fail(ErrorKind::unavailable, {"base.secret_no_credentials", {{"reference", reference}}});
    out.path = std::filesystem::path(directory) / out.name;
  } else {
    return no_reference();
  }
  std::error_code ignored;
  if (auto real = std::filesystem::weakly_canonical(out.path, ignored); !ignored) out.path = std::move(real);
  if (out.path.string().starts_with("/proc/")) return no_reference();
  return out;
}

}  // namespace

bool Secret::is_reference(std::string_view text) {
  for (const std::string_view form : {"env:", "file:", "credential:"})
    if (text.starts_with(form) && text.size() > form.size()) return true;
  return false;
}

bool Secret::leads_to_the_same(const std::string& one, const std::string& other, const std::string& folder) {
  if (one == other) return true;
  const auto a = taken_apart(one, folder), b = taken_apart(other, folder);
  if (!a || !b || a->path.empty() || b->path.empty()) return false;
  std::error_code ignored;  // what is not there yet is compared by its name
  return a->path == b->path || std::filesystem::equivalent(a->path, b->path, ignored);
}

Result<Secret> Secret::load(const std::string& reference, const std::string& folder) {
  const auto where = taken_apart(reference, folder);
  if (!where) return std::unexpected(where.error());
  std::string value;
  if (where->path.empty()) {
    const char* found = std::getenv(where->name.c_str());
    if (!found) return fail(ErrorKind::unavailable, {"base.secret_not_set", {{"name", where->name}}});
    value = found;
  } else {
    auto content = read_file(where->path, max_bytes);
    if (!content) return fail(ErrorKind::unavailable, std::move(content.error().text));
    value = std::move(*content);
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
