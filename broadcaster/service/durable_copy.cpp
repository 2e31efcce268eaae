#include "broadcaster/service/durable_copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "broadcaster/base/digest.hpp"

namespace broadcaster::service {
namespace {

std::unexpected<base::Error> failed(const std::filesystem::path& file) {
  return base::fail(base::ErrorKind::unavailable,
                    {"service.copy_failed", {{"file", file.string()}, {"reason", std::string(std::strerror(errno))}}});
}

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// Reads to the end; each part also goes to `take`, which says false when it cannot.
template <class Take>
base::Result<std::string> read_through(int fd, const std::filesystem::path& file, Take take) {
  base::Sha256 hash;
  std::array<char, 65536> buffer;
  for (;;) {
    const auto n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed(file);
    if (n == 0) return base::hex(hash.finish());
    const std::string_view part(buffer.data(), static_cast<std::size_t>(n));
    hash.update(part);
    if (!take(part)) return failed(file);
  }
}

}  // namespace

base::Result<std::string> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Descriptor in{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0) return failed(from);
  const Descriptor out{::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (out.fd < 0) return failed(to);
  auto hash = read_through(in.fd, to, [&](std::string_view part) { return write_all(out.fd, part); });
  if (hash && ::fsync(out.fd) != 0) return failed(to);
  return hash;
}

base::Result<std::string> sync_and_hash(const std::filesystem::path& file) {
  const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0 || ::fsync(in.fd) != 0) return failed(file);
  ::posix_fadvise(in.fd, 0, 0, POSIX_FADV_DONTNEED);
  return read_through(in.fd, file, [](std::string_view) { return true; });
}

base::Result<void> sync_file(const std::filesystem::path& file) {
  const Descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.fd < 0 || ::fsync(in.fd) != 0) return failed(file);
  return {};
}

}  // namespace broadcaster::service
