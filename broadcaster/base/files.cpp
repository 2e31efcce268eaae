#include "broadcaster/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace broadcaster::base {
namespace {

std::unexpected<Error> failed(ErrorKind kind, const char* id, const std::filesystem::path& path) {
  return fail(kind, {id, {{"file", path.string()}, {"reason", std::string(std::strerror(errno))}}});
}

/// Closes on every way out.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat info{};
  if (file.fd < 0 || ::fstat(file.fd, &info) != 0) return failed(ErrorKind::bad_input, "base.cannot_read", path);
  if (S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    return failed(ErrorKind::bad_input, "base.cannot_read", path);
  }
  if (!S_ISREG(info.st_mode)) return fail(ErrorKind::bad_input, {"base.no_file", {{"file", path.string()}}});
  std::string content;
  char buffer[65536];
  for (;;) {
    const auto n = ::read(file.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(ErrorKind::bad_input, "base.cannot_read", path);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > max_bytes)
      return fail(ErrorKind::bad_input,
                  {"base.file_too_large", {{"file", path.string()}, {"limit", static_cast<std::int64_t>(max_bytes)}}});
  }
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content, FileMode mode) {
  const auto temporary = path.string() + ".new." + std::to_string(::getpid());
  const mode_t bits = mode == FileMode::secret ? 0600 : 0644;
  ::unlink(temporary.c_str());  // left by a crash, with whatever mode and owner it had
  {
    Descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, bits)};
    if (file.fd < 0 || !write_all(file.fd, content) || ::fsync(file.fd) != 0) {
      auto error = failed(ErrorKind::unavailable, "base.cannot_write", path);
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    auto error = failed(ErrorKind::unavailable, "base.cannot_write", path);
    ::unlink(temporary.c_str());
    return error;
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (directory.fd < 0 || ::fsync(directory.fd) != 0) return failed(ErrorKind::unavailable, "base.cannot_write", path);
  return {};
}

}  // namespace broadcaster::base
